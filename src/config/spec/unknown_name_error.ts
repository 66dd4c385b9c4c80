import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";

/** A name stands for nothing that is registered: a program may register it. */
export class UnknownNameError extends ConfigError {
  /** As it is written, without `ext://`. */
  readonly unknownName: string;

  constructor(reason: string, unknownName: string, options?: ConfigErrorOptions) {
    super(reason, options);
    this.unknownName = unknownName;
  }

  /** The same with the place where it stands. */
  override at(place: ConfigErrorOptions): ConfigError {
    return new UnknownNameError(this.reason, this.unknownName, place);
  }
}
