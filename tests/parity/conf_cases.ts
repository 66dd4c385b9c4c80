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

type Option = [key: string, value: string];
type Section = [name: string, options: Option[]];

/** A `.conf`, and the names of the loggers that it mentions. */
export interface ConfText {
  readonly text: string;
  readonly names: readonly string[];
}

const KEYS = ["one", "two", "three", "é", "with space", "10", "__proto__", "constructor", "ONE"];

/** A random `.conf` text; with wildness 0 CPython takes it. */
export function confText(choose: Chooser): ConfText {
  const formatters = choose.some(KEYS, 0.25);
  const handlers = choose.some(KEYS, 0.25);
  const loggers = choose.some(KEYS, 0.25);
  const names = loggers.map(() => choose.usual(LOGGER_NAMES, ANY_LOGGER_NAMES, 3));
  const sections: Section[] = [
    ["loggers", list(choose, ["root", ...loggers])],
    ["handlers", list(choose, handlers)],
    ["formatters", list(choose, formatters)],
    ...formatters.map((key) => formatterSection(choose, key)),
    ...handlers.map((key) => handlerSection(choose, key, formatters, handlers)),
    ["logger_root", loggerOptions(choose, handlers)],
    ...loggers.map((key, index): Section => [
      `logger_${key}`,
      [...loggerOptions(choose, handlers), ...ownOptions(choose, names[index]!)],
    ]),
  ];
  if (choose.chance(0.15)) sections.push(["unlisted", [["x", "%(y)s"], ["z", "%"]]]);
  if (choose.chance(0.15)) sections.push(["formatter_unlisted", [["style", "?"]]]);
  if (choose.chance(0.25)) sections.push(["DEFAULT", defaults(choose, sections)]);
  return { text: print(choose, disturb(choose, sections)), names };
}

function list(choose: Chooser, keys: readonly string[]): Option[] {
  let items = choose.chance(0.2) ? choose.shuffled(keys) : [...keys];
  if (choose.wild(0.5)) items.splice(choose.below(items.length + 1), 0, "");
  if (choose.wild(0.5)) items.push(choose.pick(["nobody", "one", "root"]));
  if (choose.wild(0.3)) items = items.filter((item) => item !== "root");
  const separator = choose.pick([",", ", ", " , ", ",\n  "]);
  const value = items.join(separator) + (choose.wild(0.5) ? "," : "");
  return [[choose.wild(0.2) ? "Keys" : "keys", value]];
}

function formatterSection(choose: Chooser, key: string): Section {
  const options: Option[] = [];
  const style = choose.usual(["%", "%", "%", "{", "$"], ["", "%%", "x", "[", "__proto__"], 0.5);
  if (style !== "%" || choose.chance(0.3)) options.push(["style", style]);
  const known = Object.hasOwn(FORMATS, style) ? style : "%";
  if (choose.chance(0.9)) {
    const quote = choose.chance(0.05) ? choose.pick(["'", '"']) : "";
    const format = choose.usual(FORMATS[known]!, WRONG_FORMATS[known]!, 2);
    options.push(["format", quote + format + quote]);
  }
  if (choose.chance(0.3)) options.push(["datefmt", choose.pick(DATE_FORMATS)]);
  if (choose.chance(0.2)) {
    const defaults = choose.usual(
      ["{'user': '-'}", "{'name': 1, 'nothing': '%s%%'}", "{}", "None"],
      [
        ...["", "{", "nowhere.x", "{'user'}x"],
      ],
    );
    options.push(["defaults", defaults]);
  }
  if (choose.chance(0.2)) {
    options.push([
      "class",
      choose.usual(["logging.Formatter", ""], ["Formatter", "logging.Nothing", "nowhere.X", "x y"]),
    ]);
  }
  if (choose.chance(0.05)) options.push(["unknown", "x"]);
  return [`formatter_${key}`, choose.shuffled(options)];
}

const CLASSES = ["StreamHandler", "logging.StreamHandler", "NullHandler", "logging.NullHandler"];
const WRONG_CLASSES = [
  "",
  "Nothing",
  "logging.Nothing",
  "handlers.StreamHandler",
  "streamhandler",
  "StreamHandler ; comment",
  "logging",
  "sys.stdout",
  "nowhere.Handler",
  "__proto__",
  "logging.constructor",
  "Stream Handler",
];
const STREAM_ARGS = ["(sys.stdout,)", "(sys.stderr,)", "()", "(sys.stdout, )", "[sys.stdout]"];
const WRONG_STREAM_ARGS = [
  "(sys.stdout)",
  "",
  "(None,)",
  "sys.stdout",
  "(sys.stdout, 1)",
  "('x',)",
  "('sys.stdout',)",
  "(0,)",
  "None",
  "{}",
  "''",
  "'x'",
  "('')",
  "(sys.nothing,)",
  "(nothing,)",
  "(sys.stdout",
  "(logging.INFO,)",
  "1",
  "(sys.stdout,) ; x",
  "(sys.stdout,)\n  # comment",
  "{'stream': 1}",
  "{1}",
  "b''",
];
const NULL_ARGS = ["()", "(10,)", "('INFO',)", "[]"];
const WRONG_NULL_ARGS = ["('info',)", "(DEBUG,)", "(1, 2)", "(None,)", "", "(2.5,)", "(True,)"];
const KWARGS = ["{}", "dict()"];
const WRONG_KWARGS = [
  "",
  "{'nothing': 1}",
  "{'stream': sys.stdout}",
  "{'level': 10}",
  "{'stream': sys.stderr, 'stream': sys.stdout}",
  "dict(stream=sys.stdout)",
  "[]",
  "()",
  "None",
  "{1: 2}",
  "{'stream'}",
  "x",
];

function handlerSection(
  choose: Chooser,
  key: string,
  formatters: readonly string[],
  handlers: readonly string[],
): Section {
  const options: Option[] = [];
  if (choose.chance(0.12)) {
    options.push(...fileOrMemory(choose, handlers.slice(handlers.indexOf(key) + 1)));
    if (choose.chance(0.3)) options.push(["level", level(choose)]);
    if (choose.chance(0.8)) options.push(["formatter", choose.pick([...formatters, ""])]);
    return [`handler_${key}`, choose.shuffled(options)];
  }
  const type = choose.usual(CLASSES.slice(0, choose.chance(0.8) ? 2 : 4), WRONG_CLASSES, 0.5);
  if (!choose.wild(0.3)) options.push(["class", type]);
  const isNull = type.endsWith("NullHandler");
  const usualArgs = isNull ? NULL_ARGS : STREAM_ARGS;
  if (choose.chance(0.85)) {
    options.push([
      "args",
      choose.usual(usualArgs, isNull ? WRONG_NULL_ARGS : WRONG_STREAM_ARGS),
    ]);
  }
  if (choose.chance(0.15)) options.push(["kwargs", choose.usual(KWARGS, WRONG_KWARGS, 3)]);
  if (choose.chance(0.6)) options.push(["level", level(choose)]);
  if (choose.chance(0.8)) {
    options.push(["formatter", choose.usual([...formatters, ""], ["nobody", "one", ","], 0.5)]);
  }
  if (choose.chance(0.05)) options.push(["target", choose.pick(KEYS)]);
  return [`handler_${key}`, choose.shuffled(options)];
}

/** Handlers with files or a target; `{dir}` is the case's own folder. */
function fileOrMemory(choose: Chooser, handlers: readonly string[]): Option[] {
  const file = `'{dir}/${choose.below(1000)}.log'`;
  return choose.pick<() => Option[]>([
    () => [["class", "FileHandler"], ["args", `(${file},)`]],
    () => [["class", "logging.FileHandler"], ["args", `(${file}, 'w')`]],
    () => [["class", "FileHandler"], ["args", `(${file},)`], ["kwargs", "{'mode': 'w'}"]],
    () => [["class", "FileHandler"], ["kwargs", `dict(filename=${file}, delay=True)`]],
    () => [["class", "FileHandler"], ["args", choose.pick([`('{dir}/no/x',)`, "()", `(${file})`])]],
    () => [["class", "handlers.RotatingFileHandler"], ["args", `(${file}, 'a', 60, 2)`]],
    () => [["class", "logging.handlers.RotatingFileHandler"], ["args", `(${file}, 'w', 50, 0)`]],
    () => [
      ["class", "handlers.MemoryHandler"],
      ["args", choose.pick(["(3,)", "(3, 40)", "(2, ERROR)", "(100, CRITICAL)"])],
      ["target", choose.usual([...handlers, ""], ["nobody"], 3)],
    ],
  ])();
}

function level(choose: Chooser): string {
  return choose.usual(LEVEL_NAMES, WRONG_LEVELS, 0.5);
}

function loggerOptions(choose: Chooser, handlers: readonly string[]): Option[] {
  const options: Option[] = [];
  if (choose.chance(0.7)) options.push(["level", level(choose)]);
  if (!choose.wild(0.3)) {
    const used = choose.some(handlers, 0.6);
    if (used.length > 0 && choose.chance(0.1)) used.push(choose.pick(used));
    if (choose.wild(0.3)) used.push(choose.pick(["nobody", "", "one"]));
    options.push(["handlers", used.join(choose.pick([",", ", "]))]);
  }
  return options;
}

function ownOptions(choose: Chooser, name: string): Option[] {
  const options: Option[] = [];
  if (!choose.wild(0.3)) options.push(["qualname", name.replaceAll("%", "%%")]);
  if (choose.chance(0.5)) {
    options.push([
      "propagate",
      choose.usual(
        ["0", "1", "1", "0", "00", "+1", "-1", "2"],
        ["", "no", "true", "0x1", "1.0", "0_0", "1_0", "_1", "1__0", "+ 1", "- 0"],
      ),
    ]);
  }
  return options;
}

/** Values that other sections fall back to, or refer to. */
function defaults(choose: Chooser, sections: Section[]): Option[] {
  const options: Option[] = [["word", "INFO"], ["pair", "%(word)s"], ["loop", "%(loop)s"]];
  for (const [name, own] of sections) {
    for (const option of own) {
      if (!choose.chance(0.06)) continue;
      if (option[0] === "level") option[1] = choose.usual(["%(word)s", "%(PAIR)s"], REFERENCES);
      else if (name.startsWith("handler")) options.push([...option]);
    }
  }
  if (choose.chance(0.2)) options.push(["level", level(choose)]);
  if (choose.chance(0.1)) options.push(["handlers", ""]);
  if (choose.chance(0.1)) options.push(["propagate", "0"]);
  if (choose.chance(0.05)) options.push(["args", "(sys.stdout,)"]);
  return options;
}

const REFERENCES = ["%(loop)s", "%(nothing)s", "%word", "%(word)", "%%(word)s", "%(word)d", "%"];

/** Takes something away, doubles or moves it. */
function disturb(choose: Chooser, sections: Section[]): Section[] {
  let changed = choose.chance(0.3) ? choose.shuffled(sections) : sections;
  if (choose.wild(0.4)) {
    const gone = choose.below(changed.length);
    changed = changed.filter((_, index) => index !== gone);
  }
  if (choose.wild(0.2) && changed.length > 0) changed.push([choose.pick(changed)[0], []]);
  for (const [, options] of changed) {
    if (options.length === 0) continue;
    if (choose.wild(0.1)) options.splice(choose.below(options.length), 1);
    if (choose.wild(0.1) && options.length > 0) {
      const [key, value] = choose.pick(options);
      options.push([choose.chance(0.5) ? key.toUpperCase() : key, value]);
    }
  }
  return changed;
}

function print(choose: Chooser, sections: readonly Section[]): string {
  const lines: string[] = [];
  const noise = choose.chance(0.3) ? 0.1 : 0;
  for (const [name, options] of sections) {
    lines.push(`[${name}]` + (choose.chance(noise) ? choose.pick([" x", "; y", "]"]) : ""));
    for (const [key, value] of options) {
      if (choose.chance(noise)) lines.push(choose.pick(["# note", "; note", "", "  # note"]));
      const shown = choose.chance(noise) ? key.toUpperCase() : key;
      lines.push(shown + choose.pick(["=", "=", " = ", ": ", ":"]) + value);
      if (choose.chance(noise)) lines.push(choose.pick(["# note", "", " ; note", "\t"]));
      if (choose.wild(0.02)) lines.push(choose.pick(["word", "  more", "=", " = x", "[", "[x"]));
    }
    if (choose.chance(0.5)) lines.push("");
  }
  const text = lines.join("\n") + choose.pick(["\n", "\n", "", "\n\n"]);
  return choose.wild(0.1) ? choose.pick(["", "\ufeff", " ", "x\n", "\n\n"]) + text : text;
}
