import { strftime } from "../../core/format/time_format.ts";
import { percentFormat } from "../../core/format/percent_format.ts";
import { neededFlags } from "../../core/io/permission_flag.ts";
import { filePath } from "../../core/io/file_path.ts";
import { pyRepr, pyStr, pythonError, typeName } from "../../core/python/py_repr.ts";
import { absolutePath, isAbsolute, splitPath } from "../../handlers/files/absolute_path.ts";
import { isPyTuple } from "./literal_values.ts";

/** The facts about the machine that names such as `os.environ` need. */
export interface Surroundings {
  /** The working directory. */
  cwd(): string;
  /** A variable of the environment, undefined if it is not set; `otherwise` is what is used then. */
  variable(name: string, otherwise?: unknown): string | undefined;
}

/** The program's own surroundings; an error names the permission that the program lacks. */
export const SURROUNDINGS: Surroundings = {
  // Needs no permission.
  cwd: () => Deno.cwd(),
  variable(name) {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state === "granted") {
      return Deno.env.get(name);
    }
    const flags = neededFlags([{ name: "env", variable: name }]);
    throw new Error(`the program may not read the variable, run with ${flags}`);
  },
};

/**
 * Two made-up surroundings, for a configuration that is only checked and not put in force: what differs
 * between them is known to the program only. A variable that has a default is not set.
 */
export const PRETENDED_SURROUNDINGS: readonly [Surroundings, Surroundings] = [
  pretended("/", "1"),
  pretended("/2", "2"),
];

function pretended(cwd: string, value: string): Surroundings {
  return {
    cwd: () => cwd,
    variable: (_, otherwise = null) => otherwise === null ? value : undefined,
  };
}

/** A function that a literal may call. */
export class PureFunction {
  readonly #parameters: readonly string[];
  readonly #body: (...args: readonly unknown[]) => unknown;

  /** `?` marks parameters that may be left out, `*` one that takes all the rest. */
  constructor(parameters: string, body: (...args: readonly never[]) => unknown) {
    this.#parameters = parameters === "" ? [] : parameters.split(" ");
    this.#body = body as (...args: readonly unknown[]) => unknown;
  }

  /**
   * Calls the function.
   *
   * @throws {Error} Arguments that it does not take, or what it says itself.
   */
  call(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>): unknown {
    const takesMore = this.#parameters.at(-1)?.startsWith("*") === true;
    const all = [...args];
    for (const [name, value] of kwargs) {
      const at = this.#parameters.findIndex((one) => one.replace("?", "") === name);
      if (at < 0 || at < args.length) throw this.#misused();
      all[at] = value;
    }
    const least = this.#parameters.filter((one) => !/[?*]/.test(one)).length;
    if (all.length < least || all.length > this.#parameters.length && !takesMore) {
      throw this.#misused();
    }
    return this.#body(...all);
  }

  #misused(): Error {
    return pythonError("TypeError", `it takes (${this.#parameters.join(", ")})`);
  }
}

/** Something that a literal may take an item out of, by `[…]`. */
export class PureContainer {
  readonly #item: (key: unknown) => unknown;

  constructor(item: (key: unknown) => unknown) {
    this.#item = item;
  }

  /**
   * Returns the item.
   *
   * @throws {Error} `KeyError` if there is none.
   */
  item(key: unknown): unknown {
    return this.#item(key);
  }
}

/** A name that is known, but that a configuration from outside may not use. */
export class RefusedName {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Whether a name stands for a value that can be used as it is. */
export function isPlainName(found: { value: unknown } | undefined): found is { value: unknown } {
  return found !== undefined && !(found.value instanceof PureFunction) &&
    !(found.value instanceof PureContainer) && !(found.value instanceof RefusedName);
}

/** The name of the function by which the operator `%` of texts works. */
export const TEXT_FORMAT = "str.__mod__";

const isWindows = Deno.build.os === "windows";
const SEPARATOR = isWindows ? "\\" : "/";

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["os.sep", SEPARATOR],
  ["os.path.sep", SEPARATOR],
  ["os.pathsep", isWindows ? ";" : ":"],
  ["os.linesep", isWindows ? "\r\n" : "\n"],
  ["os.curdir", "."],
  ["os.pardir", ".."],
  ["os.devnull", isWindows ? "nul" : "/dev/null"],
  ["os.name", isWindows ? "nt" : "posix"],
]);

type Maker = (surroundings: Surroundings) => PureFunction | PureContainer;

/** What a literal may call, or ask for an item; nothing else of Python is carried out. */
const PURE: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["os.path.join", () => new PureFunction("path *paths", joinPath)],
  [
    "os.path.abspath",
    (around) => new PureFunction("path", (path) => absolutePath(joinPath(around.cwd(), path))),
  ],
  ["os.path.dirname", () => new PureFunction("path", (path) => splitPath(requireText(path))[0])],
  ["os.path.basename", () => new PureFunction("path", (path) => splitPath(requireText(path))[1])],
  [
    "os.path.expanduser",
    (around) => new PureFunction("path", (path) => expandUser(requireText(path), around)),
  ],
  ["os.getcwd", (around) => new PureFunction("", () => around.cwd())],
  ["os.getpid", () => new PureFunction("", () => Deno.pid)],
  ["os.environ", (around) => new PureContainer((name) => environ(requireText(name), around))],
  ["os.environ.get", (around) => new PureFunction("key default?", getenv(around))],
  ["os.getenv", (around) => new PureFunction("key default?", getenv(around))],
  ["sys.path", () => new PureContainer((at) => programFile(at, "sys.path")[0])],
  ["sys.argv", () => new PureContainer((at) => programFile(at, "sys.argv").join(SEPARATOR))],
  [
    "time.strftime",
    () => new PureFunction("format", (format) => strftime(requireText(format), Date.now(), false)),
  ],
  ["str", () => new PureFunction("object?", (value = "") => pyStr(value))],
  ["int", () => new PureFunction("x", toInteger)],
  [
    TEXT_FORMAT,
    () =>
      new PureFunction(
        "format values",
        (format, values: unknown) => percentFormat(format, isPyTuple(values) ? values : [values]),
      ),
  ],
]);

/** The value of a name of the closed list, undefined for any other name. */
export function pureName(name: string, surroundings: Surroundings): { value: unknown } | undefined {
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return { value: constant };
  const make = PURE.get(name);
  return make === undefined ? undefined : { value: make(surroundings) };
}

/** As `pureName`, for a configuration from outside: it may use no name that does anything. */
export function refusedName(name: string): { value: unknown } | undefined {
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) return { value: constant };
  if (!PURE.has(name)) return undefined;
  const what = name === TEXT_FORMAT ? '"%" of texts' : name;
  return {
    value: new RefusedName(
      `${what} may not be used by a change from outside: write the value itself, or have the ` +
        "program register it by registerObject",
    ),
  };
}

function requireText(value: unknown): string {
  if (typeof value === "string") return value;
  throw pythonError("TypeError", `expected str, not ${typeName(value)}`);
}

function joinPath(...parts: readonly unknown[]): string {
  let path = "";
  for (const part of parts.map(requireText)) {
    if (isAbsolute(part) || path === "") path = part;
    else path += /[\\/]$/.test(path) && (isWindows || path.endsWith("/")) ? part : SEPARATOR + part;
  }
  return path;
}

/** Differs from CPython: homes of other users are not looked up. */
function expandUser(path: string, around: Surroundings): string {
  if (!path.startsWith("~")) return path;
  if (!/^~(?:[/\\]|$)/.test(path)) throw new Error("only ~ itself is known, not ~user");
  const variable = isWindows ? "USERPROFILE" : "HOME";
  const home = around.variable(variable);
  if (home === undefined) throw new Error(`the environment has no variable ${variable}`);
  return home.replace(/(?<=.)\/+$/, "") + path.slice(1) || "/";
}

function environ(name: string, around: Surroundings): string {
  const value = around.variable(name);
  if (value !== undefined) return value;
  const key = pyRepr(name);
  throw pythonError(
    "KeyError",
    `${key}, the environment has no such variable: set it, or give a default by ` +
      `os.environ.get(${key}, '…')`,
  );
}

function getenv(around: Surroundings): (key: unknown, otherwise?: unknown) => unknown {
  return (key, otherwise = null) => around.variable(requireText(key), otherwise) ?? otherwise;
}

/** Folder and name of the program's main module, as the first item of `sys.path` or `sys.argv`. */
function programFile(at: unknown, what: string): [folder: string, name: string] {
  if (at !== 0) throw new Error(`only ${what}[0] is known`);
  const main = URL.parse(Deno.mainModule);
  if (main?.protocol !== "file:") throw new Error(`${what} is known of programs in files only`);
  return splitPath(filePath(main));
}

function toInteger(value: unknown): number {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string" && /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(value)) {
    return Number(value.replaceAll("_", ""));
  }
  throw pythonError("ValueError", `invalid literal for int() with base 10: ${pyRepr(value)}`);
}
