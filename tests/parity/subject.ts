/**
 * Runs the cases of tests/parity on this library, as oracle.py does on CPython: JSON
 * lines in, JSON lines out.
 *
 * A program of its own, since it takes over what the process writes to stdout and stderr.
 */

import { applyBasicConfig, type BasicConfigOptions } from "../../src/config/basic_config.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readDictConfig } from "../../src/config/dict/read_dict_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { parseIniConfig, readIniTable } from "../../src/config/ini/read_ini_config.ts";
import { defaultRegistry } from "../../src/config/build/registry.ts";
import type { ConfigSpec } from "../../src/config/spec/config_spec.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { setRaiseExceptions } from "../../src/core/io/diagnostics.ts";
import { Filter } from "../../src/core/filters/filter.ts";
import { Formatter, type Style } from "../../src/core/formatters/formatter.ts";
import { shutdownHandlers } from "../../src/core/handlers/handler.ts";
import { addLevelName, getLevelName, type Level } from "../../src/core/levels/levels.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { Manager, PlaceHolder } from "../../src/core/loggers/manager.ts";
import { stderr, stdout, type TextStream } from "../../src/core/io/std_stream.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import type { Case, HandlerStep, Outcome, Step, StepOutcome } from "./case.ts";

const HEADLINE = "--- Logging error ---\n";

const decoder = new TextDecoder();
const captured = { stdout: "", stderr: "" };
const writeOut = Deno.stdout.writeSync.bind(Deno.stdout);

Deno.stdout.writeSync = (bytes) => {
  captured.stdout += decoder.decode(bytes);
  return bytes.length;
};
Deno.stderr.writeSync = (bytes) => {
  const text = decoder.decode(bytes);
  // Reports come in one piece; their texts differ from CPython's.
  captured.stderr += text.startsWith(HEADLINE) ? HEADLINE : text;
  return bytes.length;
};

let manager = new Manager();
let addedLevels: number[] = [];

function reset(): void {
  manager = new Manager();
  setRaiseExceptions(true);
  // The names stay known, which is why each case makes up its own.
  for (const level of addedLevels) addLevelName(level, STANDARD[level] ?? `Level ${level}`);
  addedLevels = [];
  captured.stdout = captured.stderr = "";
}

const STANDARD: Readonly<Record<number, string>> = {
  50: "CRITICAL",
  40: "ERROR",
  30: "WARNING",
  20: "INFO",
  10: "DEBUG",
  0: "NOTSET",
};

function stream(name: unknown): TextStream | undefined {
  return name === "stdout" ? stdout : name === "stderr" ? stderr : undefined;
}

function makeHandler(spec: HandlerStep): StreamHandler {
  const handler = new StreamHandler(stream(spec.stream));
  if (spec.level !== undefined) handler.setLevel(spec.level);
  if (spec.format !== undefined) {
    handler.setFormatter(new Formatter(spec.format, null, (spec.style ?? "%") as Style));
  }
  return handler;
}

function basicOptions(options: Readonly<Record<string, unknown>>): BasicConfigOptions {
  const made: Record<string, unknown> = { ...options };
  if (Object.hasOwn(options, "stream")) made.stream = stream(options.stream) ?? null;
  if (Array.isArray(options.handlers)) {
    made.handlers = options.handlers.map((spec) => makeHandler(spec));
  }
  return made as BasicConfigOptions;
}

function perform(step: Step): unknown {
  switch (step.op) {
    case "get":
      return manager.getLogger(step.name).name;
    case "child":
      return manager.getLogger(step.name).getChild(step.suffix).name;
    case "level":
      return manager.getLogger(step.name).setLevel(step.level as Level);
    case "propagate":
      manager.getLogger(step.name).propagate = step.value;
      return;
    case "disabled":
      manager.getLogger(step.name).disabled = step.value;
      return;
    case "disable":
      manager.disable = step.level as number;
      return;
    case "addLevel":
      addedLevels.push(step.level);
      return addLevelName(step.level, step.name);
    case "levelName":
      return getLevelName(step.level);
    case "enabled":
      return manager.getLogger(step.name).isEnabledFor(step.level);
    case "has":
      return manager.getLogger(step.name).hasHandlers();
    case "filter":
      return manager.getLogger(step.name).addFilter(new Filter(step.filter));
    case "replace":
      return manager.getLogger(step.name).addFilter((record) => withMessage(record, step.msg));
    case "drain":
      return drain();
    case "handler":
      return manager.getLogger(step.name).addHandler(makeHandler(step));
    case "lastResort":
      manager.lastResort = step.value ? new Manager().lastResort : undefined;
      return;
    case "raising":
      return setRaiseExceptions(step.value);
    case "basic":
      return applyBasicConfig(manager, basicOptions(step.options));
    case "log":
      return manager.getLogger(step.name)[step.method](step.msg, ...argumentsOf(step));
    case "logAt":
      return manager.getLogger(step.name).log(step.level, step.msg, ...argumentsOf(step));
    case "probe":
      return probe(step.names);
    case "reread":
      return reread(step.as);
    case "file": {
      const { text, disable, defaults } = step;
      const spec = readIniTable(parseIniConfig(text), {
        disableExistingLoggers: disable,
        defaults,
      });
      return applyConfig(manager, spec, defaultRegistry);
    }
    case "dict": {
      const spec = readDictConfig(step.config, (name) => defaultRegistry.object(name));
      return applyConfig(manager, spec, defaultRegistry);
    }
    case "shutdown":
      return shutdownHandlers();
  }
}

function withMessage({ name, levelno }: LogRecord, msg: string): LogRecord {
  return new LogRecord(name, levelno, "f", 1, msg);
}

/** Lets the listeners of all queues give out what is in them. */
function drain(): void {
  for (const [, handler] of [...manager.namedHandlers].sort(([a], [b]) => a < b ? -1 : 1)) {
    if (!(handler instanceof QueueHandler)) continue;
    handler.listener?.start();
    handler.listener?.stop();
  }
}

/** Prints the configuration in force and reads it back, which must change nothing. */
function reread(as: "dict" | "conf"): void {
  const loggers = [manager.root, ...manager.loggerDict.values()];
  // No text stands for a filter that the program has made.
  const isOwn = (one: Logger | PlaceHolder) =>
    one instanceof Logger && one.filters.some((filter) => typeof filter === "function");
  if (loggers.some(isOwn)) return;
  const allLoggers = as === "conf";
  const config = describeConfig(manager, defaultRegistry, { allLoggers });
  const spec = as === "dict"
    ? readDictConfig(JSON.parse(JSON.stringify(config)), (name) => defaultRegistry.object(name))
    : readConf(config);
  if (spec === undefined) return;
  // A configuration adds to the filters of loggers and does not replace them.
  for (const logger of [manager.root, ...manager.loggerDict.values()]) {
    if (logger instanceof Logger) logger.filters = [];
  }
  applyConfig(manager, spec, defaultRegistry);
}

function readConf(config: Record<string, unknown>): ConfigSpec | undefined {
  try {
    return readIniTable(parseIniConfig(stringifyConfig(config)));
  } catch (error) {
    if (error instanceof ConfigError && error.message.startsWith("Cannot print")) return undefined;
    throw error;
  }
}

function argumentsOf({ args, extra }: { args: unknown[]; extra?: object }): unknown[] {
  return extra === undefined ? args : [...args, { extra }];
}

function probe(names: readonly string[]): void {
  for (const name of names) {
    for (const level of [5, 10, 20, 30, 40, 50]) {
      manager.getLogger(name).log(level, `${level} for ${name}`);
    }
  }
}

function describe(one: Logger | PlaceHolder): unknown {
  if (one instanceof PlaceHolder) {
    return [...one.loggers].map(({ name }) => name).sort();
  }
  return [
    one.level,
    one.getEffectiveLevel(),
    one.disabled,
    one.propagate,
    one.handlers.map((handler) => handler.level),
    one.filters.length,
    one.parent?.name ?? null,
  ];
}

function state(): unknown {
  const table = [...manager.loggerDict].map(([name, one]) => [name, describe(one)]);
  return { root: describe(manager.root), loggers: table };
}

function runStep(step: Step): StepOutcome {
  const before = JSON.stringify(state());
  const output = captured.stdout + captured.stderr;
  try {
    const value = perform(step);
    return { ok: true, value: value ?? null, state: state() };
  } catch (error) {
    const why = String(error);
    const whole = step.op === "file" || step.op === "dict" || step.op === "basic";
    const changed = whole &&
      (before !== JSON.stringify(state()) || output !== captured.stdout + captured.stderr);
    if (changed) return { ok: false, state: "changed by a refused step", why };
    return { ok: false, state: state(), why };
  }
}

function runCase(line: string): Outcome {
  reset();
  const usesFiles = line.includes("{dir}");
  const dir = usesFiles ? Deno.makeTempDirSync() : "";
  const { steps }: Case = JSON.parse(line.replaceAll("{dir}", dir));
  try {
    const outcomes = steps.map(runStep);
    return { steps: outcomes, ...captured, files: usesFiles ? readFiles(dir) : {} };
  } finally {
    shutdownHandlers();
    if (usesFiles) Deno.removeSync(dir, { recursive: true });
  }
}

function readFiles(dir: string): Record<string, string> {
  const names = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
  const files = names.map((name) => [name, Deno.readTextFileSync(`${dir}/${name}`)]);
  // Opened for a line that could not be formatted: CPython opens first, we format first.
  return Object.fromEntries(files.filter(([, text]) => text !== ""));
}

const lines: string[] = [];
const input = await new Response(Deno.stdin.readable).text();
for (const line of input.split("\n")) {
  if (line !== "") lines.push(JSON.stringify(runCase(line)));
}
const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
for (let at = 0; at < bytes.length;) at += writeOut(bytes.subarray(at));
