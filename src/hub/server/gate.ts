import { reasonOf } from "../../core/errors.ts";
import { type SignatureChecker, stripSignature } from "../../wire/signature.ts";

/** How long a source that was turned away is not told of again, in milliseconds. */
const QUIET_MS = 60_000;

/** Lets in what is signed as it has to be. */
export class Gate {
  readonly #checker: SignatureChecker | undefined;
  readonly #tell: (reason: string, by: string) => void;
  /** When a source was last told of. */
  readonly #told = new Map<string, number>();

  /** Without a checker everything is let in; `tell` hears of refusals, once per source and minute. */
  constructor(checker: SignatureChecker | undefined, tell: (reason: string, by: string) => void) {
    this.#checker = checker;
    this.#tell = tell;
  }

  /**
   * The payload without its signature.
   *
   * @throws {Error} The signature is needed and not good.
   */
  async check(payload: Uint8Array<ArrayBuffer>, by: string): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#checker === undefined) return stripSignature(payload);
    try {
      return await this.#checker.check(payload);
    } catch (error) {
      this.#note(reasonOf(error), by);
      throw error;
    }
  }

  #note(reason: string, by: string): void {
    const now = Date.now();
    const source = by.slice(0, by.lastIndexOf(":"));
    if (now - (this.#told.get(source) ?? 0) < QUIET_MS) return;
    for (const [known, time] of this.#told) if (now - time >= QUIET_MS) this.#told.delete(known);
    this.#told.set(source, now);
    this.#tell(reason, by);
  }
}
