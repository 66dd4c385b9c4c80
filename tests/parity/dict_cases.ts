import {
  ANY_LOGGER_NAMES,
  type Chooser,
  DATE_FORMATS,
  FORMATS,
  LEVEL_NAMES,
  LOGGER_NAMES,
  WRONG_FORMATS,
  WRONG_LEVELS,
} from "./names.ts";

/** A configuration as JSON holds it. */
export type ConfigDict = Record<string, unknown>;

/** A dict, and the names of the loggers that it mentions. */
export interface DictCase {
  readonly config: ConfigDict;
  readonly names: readonly string[];
}

type Entry = [key: string, value: unknown];

const KEYS = ["one", "two", "three", "é", "with space", "10", "__proto__", "constructor", "ONE"];

/** Values for references to lead to. */
const VALUES = {
  low: "DEBUG",
  number: 20,
  list: ["WARNING", ["INFO", "ERROR"], { x: "CRITICAL" }, "cfg://values.low"],
  dict: { a: "INFO", 0: "ERROR", "a b": "DEBUG", b: { c: "WARNING" }, é: "INFO" },
  chain: "cfg://values.dict.a",
  none: null,
  names: ["one", "two"],
  out: "ext://sys.stdout",
  empty: [],
};

const LEVEL_REFERENCES = [
  "cfg://values.low",
  "cfg://values.number",
  "cfg://values.list[0]",
  "cfg://values.list[1][1]",
  "cfg://values.list[2].x",
  "cfg://values.list[2][x]",
  "cfg://values.list[3]",
  "cfg://values.dict.a",
  "cfg://values.dict[a]",
  "cfg://values[dict][b].c",
  "cfg://values.dict.é",
  "cfg://values.dict[a b]",
  "cfg://values.chain",
  "cfg:// values . dict [a] ",
  "ext://logging.INFO",
  "ext://logging.WARNING",
  "cfg://values.dict.0",
];

const WRONG_REFERENCES = [
  "cfg://",
  "cfg://nothing",
  "cfg://loop",
  "cfg://values",
  "cfg://values.nothing",
  "cfg://values.list[9]",
  "cfg://values.list.0",
  "cfg://values.list[x]",
  "cfg://values.list[-1]",
  "cfg://values.dict[0]",
  "cfg://values.dict[ a ]",
  "cfg://values.dict[a[b]",
  "cfg://values.dict[a]b]",
  "cfg://values.dict[]",
  "cfg://values.dict.a.b",
  "cfg://values.low[0]",
  "cfg://values.none",
  "cfg://values.none.x",
  "cfg://values.number[0]",
  "cfg://values..low",
  "cfg://values.low.",
  "cfg://values[low",
  "cfg://values.constructor",
  "cfg://values.__proto__",
  "cfg://values.list.length",
  "cfg://version",
  "cfg://incremental",
  "cfg://values.empty",
  "cfg://values.low\n",
  "cfg://values.low\nx",
  "ext://",
  "ext://nowhere.x",
  "ext://sys.nothing",
  "ext://logging.NOTHING",
  "ext://sys.stdout.",
  "http://x",
  "CFG://values.low",
  " cfg://values.low",
];

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2.5,
  "",
  "x",
  "one",
  [],
  ["one"],
  [null],
  {},
  { one: {} },
  [[]],
  "cfg://values.names",
  "ext://sys.stderr",
];

/** A random dict; with wildness 0 CPython takes it. */
export function configDict(choose: Chooser, handlerNames: readonly string[] = KEYS): DictCase {
  const formatters = choose.some(KEYS, 0.25);
  const filters = choose.some(KEYS, 0.15);
  const handlers = choose.some(handlerNames, 0.3);
  const names = choose.some(
    choose.wild(3) ? ANY_LOGGER_NAMES : LOGGER_NAMES,
    choose.chance(0.5) ? 0.1 : 0.04,
  );
  const incremental = choose.chance(0.12);
  const entries: Entry[] = [[
    "version",
    choose.usual<unknown>([1, 1, 1, true], [2, "1", null, 0, 1.5], 0.3),
  ]];
  if (incremental || choose.chance(0.03)) {
    entries.push(["incremental", choose.usual([incremental], ODD_VALUES)]);
  }
  if (choose.chance(0.5)) {
    entries.push([
      "disable_existing_loggers",
      choose.usual<unknown>([true, false, false], [0, 1, null, "", "no", [], {}]),
    ]);
  }
  if (choose.chance(0.3)) entries.push(["values", VALUES], ["loop", "cfg://loop"]);
  if (choose.chance(0.1)) entries.push(["unknown", { version: 2 }]);
  entries.push(
    ["formatters", table(formatters, () => formatter(choose))],
    ["filters", table(filters, () => filter(choose))],
    [
      "handlers",
      table(handlers, (name) => {
        const others = handlers.slice(handlers.indexOf(name) + 1);
        return handler(choose, formatters, filters, others);
      }),
    ],
    ["loggers", table(names, () => logger(choose, handlers, filters))],
  );
  if (choose.chance(0.7)) {
    entries.push([
      "root",
      choose.usual<unknown>([logger(choose, handlers, filters)], [{}, null, [], "x"]),
    ]);
  }
  const config = odd(choose, Object.fromEntries(trimmed(choose, entries)), 0);
  return { config: config as ConfigDict, names };
}

/** Left out where empty, mostly. */
function trimmed(choose: Chooser, entries: readonly Entry[]): Entry[] {
  const kept = entries.filter(([, value]) => {
    const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return !(empty && choose.chance(0.7)) && !choose.wild(0.1);
  });
  return choose.chance(0.2) ? choose.shuffled(kept) : kept;
}

function table(names: readonly string[], make: (name: string) => unknown): ConfigDict {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

function formatter(choose: Chooser): unknown {
  const entries: Entry[] = [];
  const style = choose.usual(["%", "%", "%", "{", "$"], ["", "x", null, 5, [], "__proto__"], 0.5);
  if (style !== "%" || choose.chance(0.3)) entries.push(["style", style]);
  const known = typeof style === "string" && Object.hasOwn(FORMATS, style) ? style : "%";
  if (choose.chance(0.9)) {
    const format = choose.usual<unknown>(FORMATS[known]!, [
      ...WRONG_FORMATS[known]!,
      null,
      0,
      7,
      false,
      [],
      ["%(message)s"],
      {},
    ], 2);
    entries.push(["format", format]);
  }
  if (choose.chance(0.3)) {
    entries.push(["datefmt", choose.usual<unknown>(DATE_FORMATS, [null, 0, 5, []])]);
  }
  if (choose.chance(0.2)) {
    entries.push(["validate", choose.usual<unknown>([true, false, false], [null, 0, "no", 1])]);
  }
  if (choose.chance(0.3)) entries.push(["defaults", choose.pick<unknown>(FIELD_DEFAULTS)]);
  if (choose.chance(0.2)) {
    const type = choose.usual<unknown>(["logging.Formatter", "", null], [
      "Formatter",
      "logging.Nothing",
      5,
      "nowhere.X",
    ], 2);
    entries.push(["class", type]);
  }
  if (choose.chance(0.05)) entries.push(["unknown", "x"]);
  if (choose.chance(0.1)) return custom(choose, entries);
  return Object.fromEntries(entries);
}

/** Made by a factory: its keys are the arguments. */
function custom(choose: Chooser, entries: readonly Entry[]): unknown {
  const args = entries.filter(([key]) => key !== "class" && (key !== "unknown" || choose.wild(3)))
    .map(([key, value]): Entry => [key === "format" && choose.chance(0.7) ? "fmt" : key, value]);
  args.push([
    "()",
    choose.usual(["logging.Formatter", "ext://logging.Formatter"], ["Nothing", ""]),
  ]);
  // CPython before 3.11.4 forgets the attributes of a factory that takes "format".
  if (choose.chance(0.2) && !args.some(([key]) => key === "format")) {
    args.push([".", { default_msec_format: "%s", note: "cfg://values.low" }]);
  }
  return Object.fromEntries(args);
}

function filter(choose: Chooser): unknown {
  const entries: Entry[] = [];
  if (choose.chance(0.8)) {
    entries.push(["name", choose.usual<unknown>(ANY_LOGGER_NAMES, ["cfg://values.low", "a"], 1)]);
  }
  if (choose.chance(0.2)) {
    entries.push([
      "()",
      choose.usual(["logging.Filter", "ext://logging.Filter"], ["logging.X", 5]),
    ]);
  }
  if (choose.chance(0.05)) entries.push(["unknown", 1]);
  return Object.fromEntries(entries);
}

/** Values of fields that records may not have, or have. */
const FIELD_DEFAULTS: readonly unknown[] = [
  { user: "-", nothing: 1 },
  { name: "nobody", user: 2.5, a: [1, "b"] },
  { message: "none", constructor: "c", é: null },
  {},
  null,
];

const CLASSES = [
  "logging.StreamHandler",
  "logging.StreamHandler",
  "logging.NullHandler",
  "ext://logging.StreamHandler",
];
const WRONG_CLASSES = ["StreamHandler", "logging.Nothing", "handlers.X", "", null, "x", 5, []];
const STREAMS = ["ext://sys.stdout", "ext://sys.stderr", "ext://sys.stdout"];
const WRONG_STREAMS = [null, "sys.stdout", "cfg://values.out", "", 0, 5, []];

function handler(
  choose: Chooser,
  formatters: readonly string[],
  filters: readonly string[],
  handlers: readonly string[],
): unknown {
  const entries: Entry[] = [];
  if (choose.chance(0.12)) {
    entries.push(...Object.entries(fileOrMemory(choose, handlers)));
    if (choose.chance(0.3)) entries.push(["level", level(choose)]);
    if (formatters.length > 0) entries.push(["formatter", choose.pick(formatters)]);
    if (choose.chance(0.1)) entries.push(["filters", list(choose, filters)]);
    return Object.fromEntries(entries);
  }
  const type = choose.usual<unknown>(CLASSES, WRONG_CLASSES, 0.5);
  const factory = choose.chance(0.1);
  if (!choose.wild(0.3)) {
    entries.push([
      factory ? "()" : "class",
      factory && choose.chance(0.3) && !String(type).startsWith("ext:") ? `ext://${type}` : type,
    ]);
  }
  if (String(type).endsWith("logging.StreamHandler") ? choose.chance(0.8) : choose.wild(0.5)) {
    entries.push(["stream", choose.usual<unknown>(STREAMS, WRONG_STREAMS)]);
  }
  if (choose.chance(0.6)) entries.push(["level", level(choose)]);
  if (choose.chance(0.8) && formatters.length > 0) {
    entries.push([
      "formatter",
      choose.usual<unknown>(formatters, ["nobody", "", 5, [], null, "cfg://x"]),
    ]);
  }
  if (choose.chance(0.3)) entries.push(["filters", list(choose, filters)]);
  if (choose.chance(0.1)) {
    const attributes = { terminator: choose.pick(["!\n", "|", "cfg://values.low"]), note: [1] };
    entries.push([".", choose.usual<unknown>([attributes], [{}, null, [], "x", 5])]);
  }
  if (choose.wild(0.3)) {
    entries.push([choose.pick(["unknown", "name", "a b", "1", "", "target"]), 1]);
  }
  return Object.fromEntries(entries);
}

/** Handlers with files or a target; `{dir}` is the case's own folder. */
function fileOrMemory(choose: Chooser, handlers: readonly string[]): ConfigDict {
  const filename = `{dir}/${choose.below(1000)}.log`;
  return choose.pick<() => ConfigDict>([
    () => ({ class: "logging.FileHandler", filename }),
    () => ({ class: "logging.FileHandler", filename, mode: "w" }),
    () => ({ "()": "logging.FileHandler", filename, delay: true }),
    () => ({ class: "logging.FileHandler", filename: "{dir}/no/x" }),
    () => ({
      class: "logging.handlers.RotatingFileHandler",
      filename,
      maxBytes: 60,
      backupCount: 2,
    }),
    () => ({ class: "logging.handlers.RotatingFileHandler", filename, maxBytes: 50 }),
    () => ({
      class: "logging.handlers.MemoryHandler",
      capacity: choose.pick([2, 3, 100]),
      target: choose.usual<unknown>(
        [...handlers, "nobody"],
        ["nobody", null, "cfg://handlers.one"],
        3,
      ),
    }),
    () => ({ class: "logging.handlers.MemoryHandler", capacity: 2, flushLevel: 50 }),
    () => queueHandler(choose, handlers),
    () => queueHandler(choose, handlers),
  ])();
}

function queueHandler(choose: Chooser, handlers: readonly string[]): ConfigDict {
  const part: ConfigDict = { class: "logging.handlers.QueueHandler" };
  if (choose.chance(0.8)) {
    part.handlers = choose.usual<unknown>([choose.some(handlers, 0.3)], [["nobody"], null, 5], 2);
  }
  if (choose.chance(0.5)) {
    part.queue = choose.usual<unknown>(["queue.Queue", { "()": "queue.Queue", maxsize: 0 }], [
      ...["nowhere.X", "", 5, [], {}, { maxsize: 5 }, { "()": "nowhere.X" }],
    ], 2);
  }
  if (choose.chance(0.3)) {
    part.listener = choose.usual<unknown>(["logging.handlers.QueueListener"], [
      ...["nowhere.X", "", 5, {}, { "()": "nowhere.X" }],
    ], 2);
  }
  if (choose.chance(0.4)) part.respect_handler_level = choose.pick([true, false, 0, 1, ""]);
  if (choose.wild(1)) part.unknown = 1;
  return part;
}

function level(choose: Chooser): unknown {
  if (choose.chance(0.15)) {
    return choose.usual<unknown>([5, 10, 15, 20, 30, 40, 50, 0], [2.5, -5, true, false, []], 1);
  }
  if (choose.chance(0.05)) return choose.usual(LEVEL_REFERENCES, WRONG_REFERENCES, 3);
  return choose.usual<unknown>(LEVEL_NAMES, [...WRONG_LEVELS, null, {}], 0.5);
}

function list(choose: Chooser, items: readonly string[]): unknown {
  const used = choose.some(items, 0.6);
  if (used.length > 0 && choose.chance(0.1)) used.push(choose.pick(used));
  if (choose.wild(0.3)) {
    return choose.pick<unknown>([
      [...used, "nobody"],
      [...used, "cfg://values.low"],
      [...used, null],
      [...used, 5],
      [...used, ["one"]],
      used.join(""),
      "one",
      Object.fromEntries(used.map((name) => [name, 1])),
      "cfg://values.names",
      "cfg://values.empty",
      null,
      5,
      0,
      true,
    ]);
  }
  return used;
}

function logger(
  choose: Chooser,
  handlers: readonly string[],
  filters: readonly string[],
): ConfigDict {
  const entries: Entry[] = [];
  if (choose.chance(0.7)) entries.push(["level", level(choose)]);
  if (choose.chance(0.8)) entries.push(["handlers", list(choose, handlers)]);
  if (choose.chance(0.2)) entries.push(["filters", list(choose, filters)]);
  if (choose.chance(0.4)) {
    entries.push([
      "propagate",
      choose.usual<unknown>([true, false, false], [0, 1, null, "", "no", 2, [], [1]], 2),
    ]);
  }
  if (choose.chance(0.05)) entries.push(["unknown", 1]);
  if (choose.chance(0.03)) entries.push(["disabled", true]);
  return Object.fromEntries(entries);
}

/** Keys whose wrong values are the business of the handlers' own tests, or differ by intention. */
const NOT_ODD = new Set([".", "name", "filename", "capacity", "flushLevel", "maxBytes", "mode"]);

/** Puts values of other shapes in some places, or references. */
function odd(choose: Chooser, value: unknown, depth: number): unknown {
  if (depth > 0 && choose.wild(0.03)) {
    return choose.pick<unknown>([...ODD_VALUES, ...WRONG_REFERENCES, ...LEVEL_REFERENCES]);
  }
  if (typeof value !== "object" || value === null || value === VALUES) return value;
  if (Array.isArray(value)) return value.map((item) => odd(choose, item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map((
      [key, item],
    ) => [key, NOT_ODD.has(key) ? item : odd(choose, item, depth + 1)]),
  );
}
