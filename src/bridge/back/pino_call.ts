import { isPlainObject } from "../../core/python/py_repr.ts";
import type { HandedOptions, LevelScope } from "../../core/loggers/scope.ts";
import type { MergedMessage } from "../../core/records/log_options.ts";
import { setField } from "../../core/records/extra_fields.ts";
import type { Fields } from "../../core/records/shared_fields.ts";
import { isError, readOrTell } from "../../core/values/thrown.ts";
import { besides, formatPino } from "./pino_format.ts";
import { serializedError } from "./serialized_error.ts";

/** The keys of the error and of the message in pino's lines. */
const ERROR_KEY = "err", MESSAGE_KEY = "msg";

/**
 * What shows the values of fields, by name.
 *
 * @internal
 */
export interface PinoSerializers {
  [name: string]: (value: never) => unknown;
}

/** The serializers of a logger that has none. */
export const NO_SERIALIZERS: PinoSerializers = {};

/** How a logger with pino's interface changes its calls. */
export interface PinoShape {
  readonly serializers: PinoSerializers;
  /** Takes secrets out of a value. */
  readonly redact: (<Value>(value: Value) => Value) | undefined;
  /** The text before each message. */
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

/** The parts of a call, once they are asked for. */
interface Read {
  readonly merged: MergedMessage;
  readonly fields: Fields | undefined;
  readonly error: unknown;
}

/**
 * A call in pino's manner, for `logFrom`. Its parts are read only if its level passes, since the
 * program's serializers may take time.
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

  /** The scope that lets it pass whatever the logger's level; undefined for none. */
  get scope(): LevelScope | undefined {
    return this.#scope;
  }

  /** Sets the scope by which the call passes; returns the call. */
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
      // A serializer of the program's own may throw: its error goes with the line.
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
  } else if (shape.log !== undefined) own.addAll({}); // It runs even without fields.
  const clean = <Value>(value: Value): Value => redact === undefined ? value : redact(value);
  const { merged, rest } = merge(prefix, clean(msg), args.length === 0 ? args : clean(args));
  // pino drops arguments for which the message has no place. Here, fields and errors among them are
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
  /** How many fields there are. */
  count = 0;
  error: unknown;
  readonly #shape: PinoShape;

  constructor(shape: PinoShape) {
    this.#shape = shape;
  }

  /** Adds an object's fields; keeps its error for `takeError`; with `takesMessage`, it returns its message. */
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

  /** The error as its serializer shows it; if the result is no error, it becomes a field. */
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
      // The redaction may have taken the whole error out.
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

/** Adds a field as its serializer shows it, unless its value is undefined; returns how many it added. */
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
