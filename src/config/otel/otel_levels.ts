import { getLevelNamesMapping, NOTSET } from "../../core/levels/levels.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import { severityName } from "../../core/levels/severity.ts";
import { EXTENSIONS } from "../spec/config_spec.ts";
import { CONFIGURATOR } from "./read_otel_config.ts";

/** Whether a logger logs, and from which severity on. */
interface LoggerConfig {
  readonly enabled?: false;
  readonly minimum_severity?: string;
}

/** The levels of a running configuration, in the form of OpenTelemetry's declarative one. */
export interface OtelLevels {
  readonly file_format: string;
  readonly logger_provider: {
    readonly [CONFIGURATOR]: {
      readonly default_config: LoggerConfig;
      readonly loggers?: readonly { readonly name: string; readonly config: LoggerConfig }[];
    };
  };
}

/** The version of OpenTelemetry's format that is written. */
const FILE_FORMAT = "1.1";

/**
 * The levels of a configuration that `getConfig` describes. A logger's level counts for the loggers
 * below it, for which OpenTelemetry needs a second entry. Of several entries that fit a name, the
 * first counts there, so the deepest stand first. A level that only the program has named is left
 * out, since OpenTelemetry has no word for it.
 */
export function otelLevels(dict: unknown): OtelLevels {
  const table = objectAt(dict, "loggers");
  const disabled = new Set(namesAt(objectAt(dict, EXTENSIONS), "disabled"));
  const root = levelOf(objectAt(dict, "root")) ?? NOTSET;
  const levels = new Map<string, number>();
  for (const name of Object.keys(table)) {
    const level = levelOf(objectAt(table, name));
    if (level !== undefined && level !== NOTSET) levels.set(name, level);
  }
  const names = [...new Set([...levels.keys(), ...disabled])].sort(deepestFirst);
  const loggers = names.flatMap((name) => {
    const config = configOf(levels.get(name) ?? inherited(name, levels) ?? root);
    const own = disabled.has(name) ? { enabled: false } as const : config;
    return [{ name, config: own }, { name: `${name}.*`, config }];
  });
  return {
    file_format: FILE_FORMAT,
    logger_provider: {
      [CONFIGURATOR]: {
        default_config: disabled.has("root") ? { enabled: false } : configOf(root),
        ...loggers.length === 0 ? {} : { loggers },
      },
    },
  };
}

/** The levels as a YAML text. */
export function otelYaml({ file_format, logger_provider }: OtelLevels): string {
  const { default_config, loggers = [] } = logger_provider[CONFIGURATOR];
  const lines = [
    `file_format: ${JSON.stringify(file_format)}`,
    "logger_provider:",
    `  ${CONFIGURATOR}:`,
    `    default_config: ${inline(default_config)}`,
    ...loggers.length === 0 ? [] : ["    loggers:"],
    ...loggers.flatMap(({ name, config }) => [
      // A text of JSON is one of YAML.
      `      - name: ${JSON.stringify(name)}`,
      `        config: ${inline(config)}`,
    ]),
  ];
  return lines.join("\n");
}

function inline(config: LoggerConfig): string {
  const items = Object.entries(config).map(([key, value]) => `${key}: ${value}`);
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

function configOf(level: number): LoggerConfig {
  if (level >= ABOVE_ALL) return { enabled: false };
  return level <= 1 ? {} : { minimum_severity: severityName(level) };
}

function inherited(name: string, levels: ReadonlyMap<string, number>): number | undefined {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const level = levels.get(name.slice(0, dot));
    if (level !== undefined) return level;
  }
  return undefined;
}

function deepestFirst(a: string, b: string): number {
  return b.split(".").length - a.split(".").length || (a < b ? -1 : 1);
}

function levelOf({ level }: { readonly level?: unknown }): number | undefined {
  return typeof level === "number" ? level : getLevelNamesMapping()[String(level)];
}

/** The object at a key, empty for anything else: another program may have sent any value. */
function objectAt(holder: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function namesAt(holder: Readonly<Record<string, unknown>>, key: string): string[] {
  const value = holder[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
