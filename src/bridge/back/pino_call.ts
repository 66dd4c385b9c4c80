import { isPlainObject } from "../../core/python/py_repr.ts";
import type { HandedOptions, LevelScope } from "../../core/loggers/scope.ts";
import type { MergedMessage } from "../../core/records/log_options.ts";
import { setField } from "../../core/records/extra_fields.ts";
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

/** Of a logger that nobody has given any. */
export const NO_SERIALIZERS: PinoSerializers = {};

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

  /** The message as it is written in the source, which the object or the error may bring. */
  get written(): string {
    const { fields, msg } = this.#told;
    const said = msg === undefined && fields !== undefined ? broughtMessage(fields) : msg;
    return typeof said === "string" ? said : "";
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
    return this.#read ??= this.#readAll();
  }

  #readAll(): Read {
    try {
      return readCall(this.#told, this.#shape);
    } catch (error) {
      // Such as a serializer of the program's: what it threw goes with the line.
      return { merged: { msg: this.written, args: [] }, fields: undefined, error };
    }
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
  const { redact, prefix } = shape;
  const own = new OwnFields(shape);
  let msg = given;
  if (isError(first)) {
    if (shape.log === undefined) own.error = first;
    else own.addAll({ [ERROR_KEY]: first });
    msg ??= first.message;
  } else if (first !== undefined) {
    // As in pino, the object may bring the message.
    const message = own.addAll(named(first), given === undefined);
    if (given === undefined) msg = message ?? readMessage(own.error);
  } else if (shape.log !== undefined) own.addAll({}); // It is asked of each call.
  const clean = <Value>(value: Value): Value => redact === undefined ? value : redact(value);
  const { merged, rest } = merge(prefix, clean(msg), args.length === 0 ? args : clean(args));
  // pino drops what the message has no place for. What a logger takes for fields or an error is
  // kept.
  for (const value of rest) {
    if (isError(value)) own.error = value;
    else if (typeof value === "object" && value !== null && isPlainObject(value)) own.addAll(value);
  }
  const error = own.takeError();
  return { merged, fields: own.count === 0 ? undefined : clean(own.fields), error };
}

/** The fields of a call, and its error. */
class OwnFields {
  readonly fields: Record<string, unknown> = {};
  /** How many there are. */
  count = 0;
  error: unknown;
  readonly #shape: PinoShape;

  constructor(shape: PinoShape) {
    this.#shape = shape;
  }

  /** Adds all of an object but the error, and but a message if that is wanted: it is given back. */
  addAll(given: object, takesMessage = false): unknown {
    const { serializers, log } = this.#shape;
    const all = log?.(given as Record<string, unknown>) ?? given;
    let message: unknown;
    for (const name of Object.keys(all)) {
      const value = readOrTell(all, name);
      if (name === ERROR_KEY) this.error = value;
      else if (takesMessage && name === MESSAGE_KEY) message = value;
      else this.count += addShown(this.fields, name, value, serializers);
    }
    return message;
  }

  /** The error, as its serializer shows it; what is none by then is a field. */
  takeError(): unknown {
    const { serializers, redact } = this.#shape;
    const given = this.error;
    if (given === undefined) return undefined;
    const serialize = Object.hasOwn(serializers, ERROR_KEY) ? serializers[ERROR_KEY] : undefined;
    const told = serialize === undefined ? given : serialize(given as never);
    const error = serializedError(told);
    if (error !== undefined) {
      const clean: unknown = redact === undefined
        ? error
        : redact({ [ERROR_KEY]: error })[ERROR_KEY];
      // It may be taken out as a whole.
      if (isError(clean)) return clean;
    }
    this.count += addShown(this.fields, ERROR_KEY, error ?? told, NO_SERIALIZERS);
    return undefined;
  }
}

function broughtMessage(first: object): unknown {
  if (isError(first)) return readMessage(first);
  return readOrTell(first, MESSAGE_KEY) ?? readMessage(readOrTell(first, ERROR_KEY));
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

/** Adds a field as its serializer shows it, unless there is nothing to show; gives how many it is. */
export function addShown(
  fields: Record<string, unknown>,
  name: string,
  value: unknown,
  serializers: PinoSerializers,
): number {
  if (value === undefined) return 0;
  const shown = serializers !== NO_SERIALIZERS && Object.hasOwn(serializers, name)
    ? serializers[name]!(value as never)
    : value;
  if (name === "__proto__") setField(fields, name, shown);
  else fields[name] = shown;
  return 1;
}
