import { ConfigError, reasonOf } from "../../core/errors.ts";
import { parseConfigText, type ParsedConfig } from "./config_text.ts";
import { parseDuration } from "../spec/duration.ts";
import { type OpenSetting, readOpenSetting } from "../spec/open_setting.ts";
import { EXTENSIONS } from "../spec/spec.ts";
import { IniDocument } from "../ini/ini_document.ts";

export { EXTENSIONS } from "../spec/spec.ts";

/** What a configuration says to logdial only. */
export interface Extensions {
  /** What the sender calls the configuration, for `status` and the audit. */
  readonly label?: string;
  /** After how many milliseconds it is taken back. */
  readonly expires?: number;
  /** Whether the sender wants to go beyond what the operator's policy would cap. */
  readonly forever?: boolean;
  /** How long the sender wants to wait for a thread that computes, in milliseconds. */
  readonly wait?: number;
  /** What the change is known by: the same for all threads that one command is for. */
  readonly id?: string;
  /** Whom it is for, if not for all threads of the process. */
  readonly to?: { readonly name?: string; readonly port?: number };
  /** Which handlers a change of levels opens for the records that it turns on. */
  readonly open?: OpenSetting;
  /** A command, for a payload that is not a configuration. */
  readonly command?: string;
  /** What goes with the command. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Longest id of a change. */
const MAX_ID = 100;
/** Longest label that is shown. */
const MAX_LABEL = 100;

/**
 * Reads `[logdial]` of a `.conf`, or `"logdial"` of a JSON dict.
 *
 * @throws {ConfigError} A value has the wrong shape.
 */
export function readExtensions(parsed: ParsedConfig): Extensions {
  const found = extensionsOf(parsed);
  const { label, expires, forever, wait, command, id, to } = found;
  const open = readOpenSetting(found.open);
  return {
    ...typeof label === "string" && label !== "" ? { label: printable(label) } : {},
    ...expires === undefined ? {} : { expires: readDuration("expires", expires) },
    ...wait === undefined ? {} : { wait: readDuration("wait", wait) },
    ...forever === undefined ? {} : { forever: forever === true || forever === "true" },
    ...id === undefined ? {} : { id: readId(id) },
    ...to === undefined ? {} : { to: readAim(to) },
    ...open === undefined ? {} : { open },
    ...typeof command === "string" ? { command, parameters: found } : {},
  };
}

/** The configuration with extensions in it; those that it has itself win. */
export function withExtensions(text: string, added: Readonly<Record<string, unknown>>): string {
  const parsed = parseConfigText(text);
  const own = extensionsOf(parsed);
  if (parsed.kind === "dict") {
    return JSON.stringify({ ...parsed.dict, [EXTENSIONS]: { ...added, ...own } });
  }
  const lines = Object.entries(added).filter(([key, value]) =>
    value !== undefined && !Object.hasOwn(own, key)
  ).map(([key, value]) => `${key} = ${iniValue(value)}`);
  if (lines.length === 0) return text;
  const section = IniDocument.fromTable(parsed.table).get(EXTENSIONS);
  if (section === undefined) return `${text.trimEnd()}\n\n[${EXTENSIONS}]\n${lines.join("\n")}\n`;
  const all = text.split("\n");
  return [...all.slice(0, section.line), ...lines, ...all.slice(section.line)].join("\n");
}

function extensionsOf(parsed: ParsedConfig): Readonly<Record<string, unknown>> {
  if (parsed.kind === "ini") {
    const section = IniDocument.fromTable(parsed.table).get(EXTENSIONS);
    return Object.fromEntries([...section?.entries() ?? []].map(({ key, value }) => [key, value]));
  }
  if (!Object.hasOwn(parsed.dict, EXTENSIONS)) return {};
  const found = (parsed.dict as Record<string, unknown>)[EXTENSIONS];
  if (typeof found === "object" && found !== null) return found as Record<string, unknown>;
  throw new ConfigError(`Cannot read "${EXTENSIONS}": it must be an object`, { key: EXTENSIONS });
}

function readId(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= MAX_ID) return value;
  throw new ConfigError(
    `Cannot read the change: id must be a text of at most ${MAX_ID} characters`,
    {
      section: EXTENSIONS,
      key: "id",
    },
  );
}

/** In a `.conf` it is the JSON of the same object. */
function readAim(value: unknown): { name?: string; port?: number } {
  try {
    const aim: unknown = typeof value === "string" ? JSON.parse(value) : value;
    if (typeof aim === "object" && aim !== null && Object.keys(aim).every(isAimKey)) {
      const { name, port } = aim as { name?: unknown; port?: unknown };
      const isName = name === undefined || typeof name === "string";
      const isPort = port === undefined || Number.isInteger(port);
      if (isName && isPort) return aim as { name?: string; port?: number };
    }
  } catch {
    // No JSON: said below.
  }
  throw new ConfigError(
    'Cannot read the change: to must be like {"name": "W*"} or {"port": 9001}',
    {
      section: EXTENSIONS,
      key: "to",
    },
  );
}

function isAimKey(key: string): boolean {
  return key === "name" || key === "port";
}

function readDuration(key: string, value: unknown): number {
  try {
    return parseDuration(String(value));
  } catch (error) {
    const reason = reasonOf(error);
    throw new ConfigError(reason, { section: EXTENSIONS, key, cause: error });
  }
}

function iniValue(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : printable(String(value));
}

/** A label goes to other people's terminals: no control characters, not without end. */
function printable(label: string): string {
  // deno-lint-ignore no-control-regex
  return label.replace(/[\x00-\x1f\x7f-\x9f]/g, "?").trim().slice(0, MAX_LABEL);
}
