import { loggers } from "../client/loggers.ts";
import type { LoggerList } from "../wire/logger_info.ts";
import { selectTargets, type Targets, threadsOf } from "../client/targets.ts";
import { getLevelNamesMapping } from "../core/levels/levels.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { type FlagSpec, optionsOf, readFlags } from "./arguments/flags.ts";
import { splitLine } from "./arguments/split_line.ts";
import { COMMAND_LIST, isCommand } from "./commands/command_list.ts";
import { loadCommand } from "./load_command.ts";

/** Asks the shell to add the names of files. */
const FILES = ":files";
/** How long a listener may take to answer, in milliseconds, since the user waits. */
const TIMEOUT_MS = 300;
/** Most names that are offered. */
const MOST = 500;

/** Pairs of options of which a command takes only one. */
const EITHER: readonly (readonly [string, string])[] = [["port", "ports"], ["open", "no-handlers"]];
/** Options that say where the listeners are. */
const PLACES = ["ports", "port", "host"];

/**
 * The words that could stand at the end of a command line, whose first word is `logdial` itself.
 * Listeners are asked for the names of threads and loggers.
 */
export async function complete([line = ""]: readonly string[]): Promise<string[]> {
  const [, ...words] = splitLine(line);
  const current = words.pop() ?? "";
  const plain = current.toLowerCase();
  const found = await candidates(words, current);
  // Levels may be typed in small letters.
  return [...new Set(found)].filter((one) =>
    one === FILES || one.startsWith(current) ||
    (current.includes("=") && one.toLowerCase().startsWith(plain))
  ).slice(0, MOST);
}

async function candidates([name, ...words]: readonly string[], current: string): Promise<string[]> {
  const commands = COMMAND_LIST.map(({ name }): string => name);
  if (name === undefined) {
    return current.startsWith("-") ? ["--help", "--version"] : [...commands, "help"];
  }
  if (name === "help") return words.length === 0 ? commands : [];
  if (!isCommand(name)) return [];
  const { flags } = await loadCommand(name);
  const given = new CommandWords(words, flags);
  const { open } = given;
  if (open !== undefined) return await valuesOf(open, given);
  const [, option] = /^--([^=]+)=/.exec(current) ?? [];
  if (option !== undefined) {
    return (await valuesOf(option, given)).map((value) => `--${option}=${value}`);
  }
  if (current.startsWith("-")) return given.optionsLeft();
  return await wordsOf(name, given, current);
}

/** The words of a command line before the one that is completed. */
class CommandWords {
  readonly words: readonly string[];
  /** Option that waits for its value. */
  readonly open: string | undefined;
  readonly #options: ReadonlyMap<string, string>;
  readonly #spec: ReturnType<typeof optionsOf>;

  constructor(args: readonly string[], flags: FlagSpec) {
    this.#spec = optionsOf(flags);
    const takesValue = new Set([...this.#spec.texts, ...this.#spec.lists, ...this.#spec.pairs]);
    const words: string[] = [], options = new Map<string, string>();
    let open: string | undefined;
    for (const arg of args) {
      const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
      if (open !== undefined) {
        options.set(open, arg);
        open = undefined;
      } else if (name === undefined) words.push(arg);
      else if (value === undefined && takesValue.has(name)) open = name;
      else options.set(name, value ?? "");
    }
    this.words = words;
    this.open = open;
    this.#options = options;
  }

  /** The options that the command still takes. */
  optionsLeft(): string[] {
    const { texts, lists, pairs, switches } = this.#spec;
    const isFree = (name: string) =>
      ([...lists, ...pairs].includes(name) || !this.#options.has(name)) &&
      !EITHER.some((pair) =>
        pair.includes(name) && pair.some((other) => other !== name && this.#options.has(other))
      );
    return [...texts, ...lists, ...pairs, ...switches].filter(isFree).map((name) => `--${name}`);
  }

  /** The listeners that the command line means so far; undefined if they may not be asked. */
  targets(): Targets | undefined {
    const args = PLACES.flatMap((name) => {
      const value = this.#options.get(name);
      return value === undefined ? [] : [`--${name}`, value];
    });
    const { targets } = readFlags(args);
    const host = targets.hostname ?? "127.0.0.1";
    const { state } = Deno.permissions.querySync({ name: "net", host });
    return state === "granted" ? { ...targets, timeout: TIMEOUT_MS } : undefined;
  }
}

/** The words that may stand in a place that is no option. */
async function wordsOf(name: string, given: CommandWords, current: string): Promise<string[]> {
  const at = given.words.length;
  switch (name) {
    case "send":
    case "diff":
    case "check":
      return at === 0 ? ["debug", "info", "error", FILES] : [];
    case "completions":
      return at === 0 ? ["bash", "zsh", "fish"] : [];
    case "fleet":
      return at === 0 ? ["status", "set", "send", "history", "rollback", "diff"] : [];
    case "why":
      return at === 0 ? await loggerNames(given) : at === 1 ? levelNames() : [];
    case "record":
    case "set": {
      const end = current.lastIndexOf("=") + 1;
      if (end > 0) return levelNames().map((level) => current.slice(0, end) + level);
      const isSet = (logger: string) => given.words.some((word) => word.startsWith(`${logger}=`));
      const all = (await loggerNames(given)).filter((one) => !isSet(one)).map((one) => `${one}=`);
      return name === "record" && at === 0 ? [...all, "off"] : all;
    }
  }
  return [];
}

/** The possible values of an option. */
async function valuesOf(option: string, given: CommandWords): Promise<string[]> {
  switch (option) {
    case "for":
    case "max-for":
    case "every":
    case "last":
    case "wait":
      return ["90s", "10m", "1h"];
    case "unknown-class":
      return ["stand-in"];
    case "size":
      return ["256K", "1M", "4M"];
    case "level":
      return levelNames();
    case "logger":
      return await loggerNames(given);
    case "open":
      return (await loggersOf(given)).flatMap(({ handlers }) => handlers.map(({ name }) => name));
    case "name":
      return (await threads(given)).map(({ name }) => name);
    case "app":
      return (await threads(given)).flatMap(({ app }) => app === "" ? [] : [app]);
    case "pid":
      return (await threads(given)).map(({ pid }) => String(pid));
    case "port":
      return (await threads(given)).flatMap(({ port }) => port === 0 ? [] : [String(port)]);
  }
  return [];
}

function levelNames(): string[] {
  return Object.keys(getLevelNamesMapping());
}

async function loggerNames(given: CommandWords): Promise<string[]> {
  return ["root", ...(await loggersOf(given)).map(({ name }) => name)];
}

async function loggersOf(given: CommandWords): Promise<LoggerList["loggers"]> {
  const answers = await orNothing(() => given.targets(), loggers);
  return answers.flatMap(({ result }) =>
    result === undefined ? [] : (result as LoggerList).loggers
  );
}

async function threads(given: CommandWords): Promise<ThreadStatus[]> {
  return await orNothing(() => given.targets(), async (targets) => {
    const found = (await selectTargets(targets)).targets;
    return found.flatMap(({ status }) => status === undefined ? [] : threadsOf(status));
  });
}

/** The values that `find` gives; none if it fails, since the user is typing. */
async function orNothing<T>(
  find: () => Targets | undefined,
  ask: (targets: Targets) => Promise<T[]>,
): Promise<T[]> {
  try {
    const targets = find();
    return targets === undefined ? [] : await ask(targets);
  } catch {
    return [];
  }
}
