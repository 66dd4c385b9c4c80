import { isPlainObject } from "../../core/python/py_repr.ts";
import type { HandedOptions, LevelScope } from "../../core/loggers/scope.ts";
import type { MergedMessage } from "../../core/records/log_options.ts";
import type { Fields } from "../../core/records/shared_fields.ts";
import { isError, readOrTell } from "../../core/values/thrown.ts";
import { besides, formatPino } from "./pino_format.ts";
import { serializedError } from "./serialized_error.ts";

/** Under which name pino has the error of a line, and the message. */
const ERROR_KEY = "err", MESSAGE_KEY = "msg";

/**
 * What shows the values of fields, by name.
 *
 * @internal
 */
export interface PinoSerializers {
  [name: string]: (value: never) => unknown;
}

/** What a logger with pino's interface makes of its calls. */
export interface PinoShape {
  readonly serializers: PinoSerializers;
  /** Takes secrets out of a value. */
  readonly redact: (<Value>(value: Value) => Value) | undefined;
  /** What stands before each message. */
  readonly prefix: string;
  /** Shows all fields of a call. */
  readonly log: ((fields: Record<string, unknown>) => object) | undefined;
}

/** A call as it was made: an object or an error first, the message, its arguments. */
interface Told {
  readonly fields: object | undefined;
  readonly msg: unknown;
  readonly args: readonly unknown[];
}

/** What a call says, once somebody wants to know. */
interface Read {
  readonly merged: MergedMessage;
  readonly fields: Fields | undefined;
  readonly error: unknown;
}

/**
 * A call in pino's manner, for `logFrom`. Nothing of it is looked at unless its level passes:
 * serializers are the program's, and cost what they cost.
 */
export class PinoCall implements HandedOptions {
  readonly #shape: PinoShape;
  readonly #told: Told;
  #read: Read | undefined;
  #scope: LevelScope | undefined;

  /** Takes what the method was given. */
  constructor(shape: PinoShape, first: unknown, args: readonly unknown[]) {
    this.#shape = shape;
    this.#told = tell(first, args);
  }

  /** What lets it pass whatever the logger's level. */
  get scope(): LevelScope | undefined {
    return this.#scope;
  }

  /** The same call, which passes by that. */
  with(scope: LevelScope): this {
    this.#scope = scope;
    return this;
  }

  /** The message as it is written in the source. */
  get written(): unknown {
    const { msg } = this.#told;
    return typeof msg === "string" ? msg : "";
  }

  /** The message in Python's manner. */
  get merged(): MergedMessage {
    return this.#all().merged;
  }

  /** The fields of the call, as serializers show them. */
  get fields(): Fields | undefined {
    return this.#all().fields;
  }

  /** The error that the call carries. */
  get exc_info(): unknown {
    return this.#all().error;
  }

  #all(): Read {
    return this.#read ??= readCall(this.#told, this.#shape);
  }
}

function tell(first: unknown, args: readonly unknown[]): Told {
  if (first === undefined) return { fields: undefined, msg: args[0], args: args.slice(1) };
  if (typeof first !== "object") return { fields: undefined, msg: first, args };
  if (first === null) {
    return { fields: undefined, msg: args.length === 0 ? null : args[0], args: args.slice(1) };
  }
  return { fields: first, msg: args[0], args: args.slice(1) };
}

function readCall({ fields: first, msg: given, args }: Told, shape: PinoShape): Read {
  const own = new Map<string, unknown>();
  let msg = given;
  if (isError(first)) {
    own.set(ERROR_KEY, first);
    msg ??= first.message;
  } else if (first !== undefined) {
    addShown(own, named(first), shape, true);
    if (msg === undefined) {
      // As in pino, the object may bring the message.
      msg = own.get(MESSAGE_KEY) ?? readMessage(readOrTell(first, ERROR_KEY));
      own.delete(MESSAGE_KEY);
    }
  }
  const { redact, prefix } = shape;
  const clean = <Value>(value: Value): Value => redact === undefined ? value : redact(value);
  const { merged, rest } = merge(prefix, clean(msg), clean(args));
  // pino drops what the message has no place for. What a logger takes for fields or an error is
  // kept.
  for (const value of rest) {
    if (isError(value)) own.set(ERROR_KEY, value);
    else if (typeof value === "object" && value !== null && isPlainObject(value)) {
      addShown(own, value, shape, true);
    }
  }
  const error = takeError(own, shape);
  return { merged, fields: own.size === 0 ? undefined : clean(Object.fromEntries(own)), error };
}

/** Takes the error out of the fields, as its serializer shows it. */
function takeError(
  own: Map<string, unknown>,
  { serializers, redact }: Pick<PinoShape, "serializers" | "redact">,
): unknown {
  const given = own.get(ERROR_KEY);
  if (given === undefined) return undefined;
  const serialize = Object.hasOwn(serializers, ERROR_KEY) ? serializers[ERROR_KEY] : undefined;
  const told = serialize === undefined || !isError(given) ? given : serialize(given as never);
  const error = serializedError(told);
  own.set(ERROR_KEY, error ?? told);
  if (error === undefined) return undefined;
  const clean: unknown = redact === undefined ? error : redact({ [ERROR_KEY]: error })[ERROR_KEY];
  // It may have been taken out as a whole.
  if (isError(clean)) own.delete(ERROR_KEY);
  return isError(clean) ? clean : undefined;
}

function readMessage(error: unknown): unknown {
  return typeof error === "object" && error !== null ? readOrTell(error, "message") : undefined;
}

function merge(
  prefix: string,
  msg: unknown,
  args: readonly unknown[],
): { readonly merged: MergedMessage; readonly rest: readonly unknown[] } {
  switch (typeof msg) {
    case "string": {
      const { taken, ...merged } = formatPino(prefix + msg, args);
      return { merged, rest: args.slice(taken) };
    }
    case "undefined":
      return { merged: { msg: "", args: [] }, rest: args };
    case "object":
      // Objects in the place of a message are shown side by side.
      if (msg !== null && prefix === "") return { merged: besides([msg, ...args]), rest: [] };
  }
  return { merged: { msg: prefix + String(msg), args: [] }, rest: args };
}

/** A request or response of Node's under its name: pino shows these without being told. */
function named(value: object): object {
  const { method, headers, socket, setHeader } = value as Record<string, unknown>;
  if (typeof setHeader === "function") return { res: value };
  return method && headers && socket ? { req: value } : value;
}

/** Adds fields as serializers show them; an error that may be the record's own can stay as it is. */
export function addShown(
  all: Map<string, unknown>,
  given: object,
  { serializers, log }: Pick<PinoShape, "serializers" | "log">,
  keepsError = false,
): void {
  const fields = log?.(given as Record<string, unknown>) ?? given;
  for (const name of Object.keys(fields)) {
    const value = readOrTell(fields, name);
    if (value === undefined) continue;
    const serialize = keepsError && name === ERROR_KEY && isError(value)
      ? undefined
      : Object.hasOwn(serializers, name)
      ? serializers[name]
      : undefined;
    all.set(name, serialize === undefined ? value : serialize(value as never));
  }
}
