import { reasonOf } from "../../core/values/thrown.ts";
import { askedFor, asksOnly } from "../../wire/asked_for.ts";
import { SignatureChecker, stripSignature } from "../../wire/signature.ts";
import type { AttachOptions } from "../board/attach_options.ts";
import { hubInstance } from "./hub_instance.ts";
import { Refusals, type Tell } from "./refusals.ts";

/**
 * One checker per key, so that a signed frame for one thread cannot be sent again to another, nor to
 * one that serves itself and has begun to listen again: the instance that was signed is the same.
 */
const checkers = new Map<string, SignatureChecker>();

/** The gate for a thread; `tell` hears of refusals, once per source and minute. */
export function gateFor(
  { key, takesV1 }: Pick<AttachOptions, "key" | "takesV1">,
  tell: Tell,
): Gate {
  return new Gate(checkerFor(key), takesV1, tell);
}

function checkerFor(key: string | undefined): SignatureChecker | undefined {
  if (key === undefined) return undefined;
  const checker = checkers.get(key) ?? new SignatureChecker(key, hubInstance());
  checkers.set(key, checker);
  return checker;
}

/** Lets in what is signed as it has to be. */
export class Gate {
  readonly #checker: SignatureChecker | undefined;
  readonly #takesV1: boolean;
  readonly #refusals: Refusals;

  /** Without a checker everything is let in; `tell` hears of refusals, once per source and minute. */
  constructor(
    checker: SignatureChecker | undefined,
    takesV1: boolean,
    tell: Tell,
  ) {
    this.#checker = checker;
    this.#takesV1 = takesV1;
    this.#refusals = new Refusals(tell);
  }

  /**
   * Checks a payload that came to a port; returns it without its signature.
   *
   * @throws {Error} The signature is needed and not good.
   */
  async check(
    payload: Uint8Array<ArrayBuffer>,
    by: string,
    port: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#checker === undefined) return stripSignature(payload);
    try {
      return await this.#checker.check(payload, { port, takesV1: this.#takesV1 });
    } catch (error) {
      const what = askedFor(stripSignature(payload)), reason = reasonOf(error);
      this.#refusals.note(reason, by, what);
      const does = asksOnly(what) ? "answer" : "take the change";
      throw new Error(`Cannot ${does}: ${reason}`, { cause: error });
    }
  }
}
