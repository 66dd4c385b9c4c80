import type { Dial } from "../core/loggers/dial.ts";
import { setField } from "../core/records/extra_fields.ts";
import type { Fields } from "../core/records/shared_fields.ts";
import { isError } from "../core/values/thrown.ts";
import { readOr } from "./read_arguments.ts";

/**
 * What a bridge needs to see of a logger of pino's, 9 or 10.
 *
 * @example
 * ```ts
 * import type { PinoLogger } from "@logdial/logging/bridge/pino";
 * import { pino } from "npm:pino@10.4.0";
 *
 * const log: PinoLogger = pino();
 * console.log(log.levels.values.info); // 30
 * ```
 */
export interface PinoLogger {
  /** Name of its level. */
  level: string;
  /** Its levels. */
  readonly levels: { readonly values: Readonly<Record<string, number>> };
}

/** A log method. */
export type Method = (this: Inner, ...args: unknown[]) => unknown;
/** What makes children. */
export type Child = (bindings: Fields, options?: ChildOptions) => Inner;

/** The options of a child, as far as levels go. */
export interface ChildOptions {
  readonly level?: string;
  readonly customLevels?: Readonly<Record<string, number>>;
}

/** A logger of pino's with what it has inside, and what bridges put there. */
export interface Inner extends PinoLogger {
  [key: PropertyKey]: unknown;
  readonly levels: PinoLogger["levels"] & { readonly labels: Readonly<Record<number, string>> };
  [STATION]?: Station;
  [BOUND]?: Bound;
}

/** The property with the station of a logger; children inherit it. */
export const STATION: unique symbol = Symbol("logdial.station");
/** The property with what a child has bound. */
export const BOUND: unique symbol = Symbol("logdial.bound");

/** The dial by which a logger of pino's and its children are turned, with the level that they share. */
export interface Station {
  /** Name of that logger. */
  readonly name: string;
  readonly dial: Dial;
  /** How many children use it. */
  users: number;
  /** Whether it only keeps a level, since its children cannot have a logger of the tree. */
  readonly isFixed?: boolean;
  /** Stations of that kind for children of these, by level. */
  fixed?: Map<number, Station>;
  /** Methods that ask the station; made for the first child that needs them. */
  methods?: Readonly<Record<string, Method>>;
}

/** Fields of a child and those around it. */
export interface Bound {
  readonly fields: Fields;
  /** The part of the program that the child itself names, if any. */
  readonly part?: string | undefined;
  /** The level of its own that the program has given it, if any. */
  level?: string | undefined;
  /** The station that was taken for it, if any. */
  station?: Station | undefined;
  /** Its own dial, made when a scope may look at the fields, and the one that it was made from. */
  dial?: Dial;
  dialOf?: Dial;
}

/** A call that is being made, of which somebody has to know what pino makes of it. */
export interface PresentCall {
  readonly logger: Inner;
  /** The logger that writes it: the call's own, or one that writes nowhere. */
  readonly writer: Inner;
  /** pino's number of its level. */
  readonly level: number;
  /** Whether pino has written a line, which any of its streams takes. */
  isTaken: boolean;
  line?: string;
  /** The fields of which pino has made the line. */
  fields?: object;
}

/** With so many children, it begins to look for those that are gone. */
const PRUNED_FROM = 1000;

/** Children, which are forgotten when they are gone. */
export class LivingChildren {
  readonly #refs = new Set<WeakRef<Inner>>();
  #pruneAt = PRUNED_FROM;

  /** Takes one more. */
  add(child: Inner): void {
    this.#refs.add(new WeakRef(child));
    if (this.#refs.size < this.#pruneAt) return;
    for (const ref of this.#refs) if (ref.deref() === undefined) this.#refs.delete(ref);
    // The next look is at twice as many: otherwise each of very many would look at all the others.
    this.#pruneAt = Math.max(PRUNED_FROM, 2 * this.#refs.size);
  }

  /** Those that there are still. */
  *all(): Generator<Inner> {
    for (const ref of this.#refs) {
      const child = ref.deref();
      if (child !== undefined) yield child;
    }
  }
}

/** Fields of children that name a part of the program: those are loggers of their own. */
const NAMING = ["name", "module", "component"];
/** Most characters of their names. */
const MAX_LENGTH = 100;

/** What pino adds to each line by itself. */
const ADDED = ["level", "time", "pid", "hostname"];

/** What pino calls what it has inside. */
const PARTS = [
  "setLevel",
  "levelVal",
  "levelComp",
  "asJson",
  "stream",
  "messageKey",
  "errorKey",
] as const;

/** pino's symbols by what they stand for. */
export type Inside = Readonly<Record<typeof PARTS[number], symbol>> & {
  /** The symbol of the program's hooks; undefined in a version without hooks. */
  readonly hooks: symbol | undefined;
};

/** The symbols of what pino has inside; undefined if any is missing. */
export function findInside(instance: object): Inside | undefined {
  const found = new Map<string, symbol>();
  for (let one: object | null = instance; one !== null; one = Object.getPrototypeOf(one)) {
    for (const symbol of Object.getOwnPropertySymbols(one)) {
      if (symbol.description !== undefined) found.set(symbol.description, symbol);
    }
  }
  const parts = PARTS.map((part) => [part, found.get(`pino.${part}`)] as const);
  if (parts.some(([, symbol]) => symbol === undefined)) return undefined;
  return Object.fromEntries([...parts, ["hooks", found.get("pino.hooks")]]) as Inside;
}

/** The parts of a call of pino's, before they are merged; the keys are those of message and error. */
export function readCall(
  args: readonly unknown[],
  bound: Bound | undefined,
  messageKey: string,
  errorKey: string,
): {
  readonly msg: unknown;
  readonly fields: Fields | undefined;
  readonly error: Error | undefined;
} {
  const [first, second] = args;
  const around = bound?.fields;
  if (typeof first !== "object" || first === null) {
    const isLeftOut = args.length > 1 && (first === null || first === undefined);
    return { msg: isLeftOut ? second : first, fields: around, error: undefined };
  }
  return readOr({ msg: second, fields: around, error: undefined }, () => {
    if (isError(first)) return { msg: second ?? first.message, fields: around, error: first };
    const own = first as Fields, given = own[errorKey];
    const error = isError(given) ? given : undefined;
    // As in pino, the message may come from the object, or from its error.
    const msg = second ?? own[messageKey] ?? (given as { message?: unknown } | undefined)?.message;
    return { msg, fields: around === undefined ? own : { ...around, ...own }, error };
  });
}

/** The name of the part of a program that a child is for. */
export function partOf(bindings: Fields): string | undefined {
  for (const key of NAMING) {
    const value = bindings[key];
    if (typeof value !== "string" || value.length > MAX_LENGTH) continue;
    // A name of dots alone is no name for a logger.
    if (/[^.]/.test(value)) return value;
  }
  return undefined;
}

/**
 * Reads the line that pino has made of a call, without what the program's functions have taken out;
 * undefined if there is none.
 */
export function readCallLine(
  { logger, line: made, fields }: PresentCall,
  error: Error | undefined,
  inside: Inside,
): ReturnType<typeof readLine> | undefined {
  const line = made === undefined ? undefined : sentLine(logger, made, inside);
  if (line === undefined) return undefined;
  return readLine(logger, line, fields as Fields, error, inside);
}

/**
 * Reads a line that pino has made of a call's fields and error, without what pino itself has added.
 */
function readLine(
  logger: Inner,
  line: string,
  own: Fields,
  error: Error | undefined,
  inside: Inside,
): {
  readonly msg: unknown;
  readonly fields: Fields | undefined;
  readonly shown: Error | undefined;
} {
  const fields = parse(line);
  const messageKey = String(logger[inside.messageKey]), errorKey = String(logger[inside.errorKey]);
  for (const name of ADDED) {
    // pino does not write a level that is bound.
    const isBound = name !== "level" && logger[BOUND]?.fields[name] !== undefined;
    const isOwn = Object.hasOwn(own, name) && own[name] !== undefined;
    if (!isBound && !isOwn) delete fields[name];
  }
  const msg = fields[messageKey] ?? "";
  delete fields[messageKey];
  const shown = error && writtenError(error, fields[errorKey]);
  if (shown !== undefined) delete fields[errorKey];
  const hasFields = Object.keys(fields).length > 0;
  return { msg, fields: hasFields ? fields : undefined, shown };
}

/** Parses a line of pino's; a function of the program's own may have made something else of it. */
function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // The line is told as it is.
  }
  return { msg: String(line).trim() };
}

/**
 * A line as pino sends it, after the program's hook, which may take something out; undefined if the
 * hook fails.
 */
function sentLine(logger: Inner, line: string, { hooks }: Inside): string | undefined {
  return readOr(undefined, () => {
    const { streamWrite } = (hooks && logger[hooks] || {}) as { streamWrite?: unknown };
    return typeof streamWrite === "function" ? String(streamWrite(line)) : line;
  });
}

/** Whether a hook of the program's own, or the levels of several streams, may hold lines back. */
export function mayHoldBack(logger: Inner, { hooks, stream }: Inside): boolean {
  return readOr(true, () => {
    const { logMethod } = (hooks && logger[hooks] || {}) as { logMethod?: unknown };
    return typeof logMethod === "function" || isMany(logger[stream]);
  });
}

function isMany(stream: unknown): boolean {
  const { streams, minLevel } = stream as { streams?: unknown; minLevel?: unknown };
  return Array.isArray(streams) && typeof minLevel === "number";
}

/** Whether a stream takes lines of a level: of several streams, each has a level of its own. */
export function takesLevel(stream: unknown, level: number): boolean {
  return readOr(true, () => {
    if (!isMany(stream)) return true;
    const { streams } = stream as { streams: readonly { level?: unknown }[] };
    return streams.some((one) => Number(one.level) <= level);
  });
}

/**
 * An error as pino has written it, after its serializers and `redact`; undefined if no error is left.
 */
function writtenError(error: Error, written: unknown): Error | undefined {
  if (typeof written !== "object" || written === null) return undefined;
  const { type, name = type, message, stack, ...fields } = written as Record<string, unknown>;
  if (typeof message !== "string" && typeof stack !== "string") return undefined;
  const copy: Error = Object.create(readOr(Error.prototype, () => Object.getPrototypeOf(error)));
  for (const [key, value] of Object.entries({ name, message, stack })) {
    Object.defineProperty(copy, key, { value, configurable: true, writable: true });
  }
  for (const [key, value] of Object.entries(fields)) setField(copy, key, value);
  return copy;
}
