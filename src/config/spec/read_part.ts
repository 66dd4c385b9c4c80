import { ConfigError } from "../../core/errors/config_error.ts";
import type { HandlerSpec, LoggerSpec, ObjectSpec, Place } from "./config_spec.ts";

/** Told of what is wrong with a part; if it returns, the other parts are read as well. */
export type OnError = (error: ConfigError) => void;

/** What is wrong with one part ends the reading. */
export function raise(error: ConfigError): never {
  throw error;
}

/** Reads a part; of one that cannot be read, `instead` gives what keeps its name. */
export function readPart<T>(onError: OnError, read: () => T, instead: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    onError(error);
    return instead();
  }
}

/** Stands for a formatter or filter that could not be read. */
export function objectInstead(name: string, place: Place): ObjectSpec {
  return {
    name,
    className: undefined,
    factory: undefined,
    readArguments: () => ({ args: [], kwargs: new Map() }),
    attributes: new Map(),
    place,
  };
}

/** Stands for a handler that could not be read. */
export function handlerInstead(name: string, place: Place): HandlerSpec {
  return {
    ...objectInstead(name, place),
    className: "logging.NullHandler",
    level: undefined,
    formatter: undefined,
    filters: [],
    readTarget: () => undefined,
    readHandlers: () => undefined,
  };
}

/** Stands for a logger of which could not be read what is said of it. */
export function loggerInstead(name: string, place: Place): LoggerSpec {
  return { name, level: undefined, handlers: [], filters: [], propagate: undefined, place };
}
