import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { quote } from "../../core/errors/quote.ts";
import type { Place } from "./config_spec.ts";

/** A name stands for nothing that is registered: a program may register it. */
export class UnknownNameError extends ConfigError {
  /** As it is written, without `ext://`. */
  readonly unknownName: string;

  constructor(reason: string, unknownName: string, options?: ConfigErrorOptions) {
    super(reason, options);
    this.unknownName = unknownName;
  }

  /** The same error with the place where the name stands. */
  override at(place: ConfigErrorOptions): ConfigError {
    return new UnknownNameError(this.reason, this.unknownName, place);
  }
}

/** The error where one name stands in the place of a list of them. */
export function notOneName(key: string, name: string, place: Place): ConfigError {
  const shown = quote(name);
  const rule = `it must be a list of names, such as [${shown}]`;
  return new ConfigError(`Cannot read ${key} ${shown}: ${rule}`, { ...place(key) });
}
