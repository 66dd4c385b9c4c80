import { reasonOf } from "../../core/values/thrown.ts";
import { checkLevel, getLevelNamesMapping, levelToSend } from "../../core/levels/levels.ts";
import { suggestOrList } from "../../core/errors/suggest.ts";
import type { PortRange } from "../../hub/board/attach_options.ts";
import { parseArgs } from "@std/cli/parse-args";
import { DEFAULT_PORT_TEXT, parsePorts } from "../../client/ports/parse_ports.ts";
import type { Targets } from "../../client/targets.ts";
import { parseDuration } from "../../config/spec/duration.ts";
import { mayReadKey } from "./tell_unsigned.ts";
import { UsageError } from "./usage_error.ts";

/** Options that say which threads are meant. */
export const PLACE_HELP: string = `
  --ports LIST    ports to scan, such as ${DEFAULT_PORT_TEXT} (the default) or 9001,9005
  --port N        one port
  --name PATTERN  threads of that name; * stands for any text
  --pid N         threads of that process
  --app PATTERN   threads of that program; * stands for any text
  --host HOST     host of the listeners (default 127.0.0.1)
  --timeout MS    longest wait for each answer in milliseconds (default 2000)`;

/** What the help says of signatures. */
export const KEY_HELP: string = `
With LOGDIAL_KEY set, what is sent is signed; it is read with
--allow-env=LOGDIAL_KEY.`;

/** Options that all commands know which talk to threads. */
export const TARGET_HELP: string = `${PLACE_HELP}
  --json          print JSON
  --help          this text
${KEY_HELP}`;

const TARGET_TEXTS = ["ports", "port", "name", "pid", "app", "host", "timeout"];

/** How an option that takes one value can mean several, for the message. */
const SEVERAL: ReadonlyMap<string, string> = new Map([
  ["port", "several ports are --ports 9001,9005"],
  ["ports", "as in 9001,9005"],
  ["name", "where * stands for any text"],
  ["app", "where * stands for any text"],
]);

/** Options of one command beside the common ones. */
export interface FlagSpec {
  /** Options with a value. */
  readonly texts?: readonly string[];
  /** Options with a list of names, which may be given several times. */
  readonly lists?: readonly string[];
  /** Options with a value like `NAME=VALUE`, which may be given several times. */
  readonly pairs?: readonly string[];
  /** Options without a value. */
  readonly switches?: readonly string[];
  /** Options of other commands that this one does not have, with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Whether the command talks to no thread, so that options that choose threads mean nothing. */
  readonly isLocal?: boolean;
  /** The options that choose threads which it takes, if not all of them. */
  readonly targetTexts?: readonly string[];
  /** Whether its output is for one kind of reader only, so that there is no `--json`. */
  readonly isOfOneForm?: boolean;
}

/** All options of a command by kind, the common ones included. */
export function optionsOf(
  spec: FlagSpec,
): Required<Pick<FlagSpec, "texts" | "lists" | "pairs" | "switches">> {
  const { texts = [], lists = [], pairs = [], switches = [], isLocal, isOfOneForm } = spec;
  const { targetTexts = TARGET_TEXTS } = spec;
  return {
    texts: isLocal ? texts : [...texts, ...targetTexts],
    lists,
    pairs,
    switches: isOfOneForm ? [...switches, "help"] : [...switches, "json", "help"],
  };
}

/** The command line of a command, read. */
export interface Flags {
  /** Name of the command. */
  readonly command: string;
  readonly help: boolean;
  readonly json: boolean;
  readonly targets: Omit<Targets, "ports"> & {
    readonly ports: readonly PortRange[];
    readonly hostname?: string;
  };
  /** Values of the command's own options. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names given by the command's own lists. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Names and values given by the command's own pairs. */
  readonly pairs: ReadonlyMap<string, readonly (readonly [name: string, value: string])[]>;
  /** The command's own switches that are on. */
  readonly switches: ReadonlySet<string>;
  /** The words that are no options. */
  readonly words: readonly string[];
}

/**
 * Reads the options of a command.
 *
 * @throws {UsageError} An unknown option, or a value that does not fit.
 */
export function readFlags(args: readonly string[], spec: FlagSpec = {}, command = ""): Flags {
  const { texts, lists, pairs, switches } = optionsOf(spec);
  const names = [...texts, ...lists, ...pairs, ...switches];
  const end = args.indexOf("--"), before = end < 0 ? args : args.slice(0, end);
  refuseValues(before, switches);
  refuseNegated(before, names);
  refuseDashes(before, [...texts, ...lists, ...pairs]);
  const parsed: Record<string, unknown> = parseArgs([...args], {
    string: [...texts, ...lists, ...pairs, "_"],
    // Single options are collected as well: otherwise the last of two would count in silence.
    collect: [...texts, ...lists, ...pairs],
    boolean: [...switches],
    alias: { h: "help" },
    unknown: (word: string, key: string | undefined) => {
      if (key === undefined) return;
      const name = word.replace(/=.*$/s, ""), reason = spec.refused?.[key];
      if (reason !== undefined) throw new UsageError(`Cannot use ${name}: ${reason}`);
      throw unknownOption(name, names);
    },
  });
  const text = (name: string) => readText(name, parsed[name]);
  return {
    command,
    help: parsed.help === true,
    json: parsed.json === true,
    // An option of this name that the command does not take here may be one of its own.
    targets: readTargets((name) =>
      (spec.targetTexts ?? TARGET_TEXTS).includes(name) ? text(name) : undefined
    ),
    texts: new Map((spec.texts ?? []).flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value]];
    })),
    lists: new Map(lists.map((name) => [name, readList(name, parsed[name] as string[])])),
    pairs: new Map(pairs.map((name) => [name, readPairs(name, parsed[name] as string[])])),
    switches: new Set(spec.switches?.filter((name) => parsed[name] === true)),
    words: (parsed._ as unknown[]).map(String),
  };
}

/** Refuses switches with a value: `parseArgs` takes any value but `false` for yes. */
function refuseValues(args: readonly string[], switches: readonly string[]): void {
  for (const arg of args) {
    const [, name, value] = /^--?([^=]+)=(.*)$/s.exec(arg) ?? [];
    const isSwitch = name !== undefined && (name === "h" || switches.includes(name));
    // Of a name that begins with `no-`, `parseArgs` reads a value as that of the rest.
    const isRead = (value === "true" || value === "false") && !name?.startsWith("no-");
    if (!isSwitch || isRead) continue;
    const on = arg.slice(0, arg.indexOf("="));
    throw new UsageError(
      `Cannot use "${arg}": ${on} takes no value, leave it out where it is not meant`,
    );
  }
}

/** Refuses `--no-forever=true` and the like: `parseArgs` takes it for `--forever=true`. */
function refuseNegated(args: readonly string[], names: readonly string[]): void {
  for (const arg of args) {
    const [, name] = /^--(no-[^=]+)=/.exec(arg) ?? [];
    if (name !== undefined && !names.includes(name)) throw unknownOption(`--${name}`, names);
  }
}

function unknownOption(option: string, names: readonly string[]): UsageError {
  const known = names.map((name) => `--${name}`);
  return new UsageError(`Unknown option "${option}", ${suggestOrList(option, known)}`);
}

/** Refuses values that begin like an option, such as `--lines -1`: `parseArgs` takes them for one. */
function refuseDashes(args: readonly string[], takesValue: readonly string[]): void {
  for (const [at, arg] of args.entries()) {
    const value = args[at + 1];
    const isTaken = arg.startsWith("--") && takesValue.includes(arg.slice(2));
    if (!isTaken || value === undefined || !/^-[^-]/.test(value) || value === "-h") continue;
    throw new UsageError(
      `Cannot use "${value}" for ${arg}: a value that begins with - is written ${arg}=${value}`,
    );
  }
}

/** A whole number from an option, within bounds. */
export function wholeNumber(name: string, value: string, most = 999_999): number {
  if (/^[1-9]\d{0,8}$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`Cannot use ${name} "${value}": it must be a whole number, 1 to ${most}`);
}

/** Reads the value of an option by `read`; an error becomes a `UsageError` that names the option. */
export function readOption<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`Cannot use ${option}: ${reasonOf(error)}`);
  }
}

/** A duration from an option, in milliseconds. */
export function duration(name: string, value: string): number {
  return readOption(`--${name}`, () => parseDuration(value));
}

function readTargets(text: (name: string) => string | undefined): Flags["targets"] {
  const pid = text("pid"), port = text("port"), list = text("ports");
  if (port !== undefined && list !== undefined) {
    throw new UsageError("Cannot use --port and --ports together");
  }
  return {
    // Undefined if it is not named: a host that is named may be a tunnel to other ports.
    hostname: readHost(text("host")),
    ports: readPorts(port ?? list ?? DEFAULT_PORT_TEXT),
    timeout: wholeNumber("--timeout", text("timeout") ?? "2000"),
    name: text("name"),
    pid: pid === undefined ? undefined : wholeNumber("--pid", pid, 2 ** 31),
    app: text("app"),
    key: readKey(),
  };
}

function readHost(host: string | undefined): string | undefined {
  // An address of IPv6 has several colons.
  if (host === undefined || !/[\s/]|^[^:]*:[^:]*$|\]:/.test(host)) return host;
  throw new UsageError(
    `Cannot use --host "${host}": it must be a name or an address alone, a port stands in --port`,
  );
}

function readText(name: string, value: unknown): string | undefined {
  const [one, ...more] = (value ?? []) as readonly string[];
  if (one === undefined) return undefined;
  if (one !== "" && more.length === 0) return one;
  if (more.length === 0) throw new UsageError(`Cannot use --${name}: it needs one value`);
  const several = SEVERAL.get(name);
  throw new UsageError(
    `Cannot use --${name} twice: it takes one value` +
      (several === undefined ? "" : `, ${several}`),
  );
}

function readList(name: string, values: readonly string[]): string[] {
  const names = values.flatMap((value) => value.split(",")).map((one) => one.trim());
  if (!names.includes("")) return names;
  throw new UsageError(`Cannot use --${name}: it needs names, like console,mail`);
}

function readPairs(name: string, values: readonly string[]): [string, string][] {
  return values.map((text) => {
    const [, left, right] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (left !== undefined) return [left.trim(), right!];
    throw new UsageError(`Cannot use --${name} "${text}": it must be like NAME=VALUE`);
  });
}

function readPorts(value: string): PortRange[] {
  try {
    return parsePorts(value);
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}

function readKey(): string | undefined {
  return mayReadKey() ? Deno.env.get("LOGDIAL_KEY") || undefined : undefined;
}

/**
 * A level as it is typed: a number, also in the words in which one without a name is told, or a name,
 * which may be in small letters. Only programs know the names that they have made up.
 */
export function readLevel(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text);
  const told = levelToSend(text);
  if (told !== text) return told;
  const upper = text.toUpperCase();
  return text === text.toLowerCase() || Object.hasOwn(getLevelNamesMapping(), upper) ? upper : text;
}

/** The number of a level from `--level`; names that a program has made up mean nothing here. */
export function levelNumber(text: string): number {
  return readOption("--level", () => {
    const level = readLevel(text);
    try {
      return checkLevel(level);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason.endsWith("?")) throw error;
      throw new RangeError(`${reason}; one that a program has named goes by its number`);
    }
  });
}

/** The only word of a command line. */
export function oneWord({ command, words: [word, ...more] }: Flags, what: string): string {
  if (word === undefined) throw new UsageError(`Cannot run ${command}: name ${what}`);
  if (more.length > 0) throw new UsageError(`Cannot use "${more[0]}": only ${what} is expected`);
  return word;
}

/** Refuses words where none are expected. */
export function noWords({ words: [word] }: Flags): void {
  if (word !== undefined) throw new UsageError(`Cannot use "${word}": only options are expected`);
}
