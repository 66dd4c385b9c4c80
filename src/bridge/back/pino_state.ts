import { insideOf, type Logger } from "../../core/loggers/logger.ts";
import { SIGNAL } from "../../core/levels/signal.ts";
import type { PinoShape } from "./pino_call.ts";

/** The signal again: V8 compiles a constant of the same module better than an imported one. */
const WORD = SIGNAL;

/** The state of a logger with pino's interface. */
export class PinoState {
  /** The logger, with the bindings as its fields. */
  readonly logger: Logger;
  readonly shape: PinoShape;
  readonly isChild: boolean;
  /** The level that counts for a child in the place of the logger's; undefined if it has none. */
  readonly own: number | undefined;
  /** Value of the signal at which the least level was computed. */
  #seen = WORD[0]! - 1;
  /** Lowest level number that anybody wants. */
  #least = 0;

  /** Takes all of it. */
  constructor(logger: Logger, shape: PinoShape, isChild: boolean, own: number | undefined) {
    this.logger = logger;
    this.shape = shape;
    this.isChild = isChild;
    this.own = own;
  }

  /** Whether nobody wants a call of that level: one comparison, as in a `Logger`. */
  isOff(level: number): boolean {
    if (WORD[0] !== this.#seen) this.#catchUp();
    return level < this.#least;
  }

  #catchUp(): void {
    // The signal is read first: whatever changes from here on is seen at the next call.
    const signal = WORD[0]!;
    const least = insideOf.threshold(this.logger);
    this.#least = this.own === undefined ? least : Math.min(this.own, least);
    this.#seen = signal;
  }
}
