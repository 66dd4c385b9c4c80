/** Bytes of a secret: nobody guesses so many. */
const BYTES = 32;

/** What whoever opens the page must know: another one with every start. */
export class Secret {
  /** As it stands in the address of the page. */
  readonly text: string;
  readonly #bytes: Uint8Array;

  /** Makes one up. */
  constructor() {
    const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
    this.text = btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    this.#bytes = new TextEncoder().encode(this.text);
  }

  /** Whether somebody knows it. How long that takes does not tell how much of it is right. */
  isIn(header: string | null): boolean {
    const given = new TextEncoder().encode(/^Bearer (\S+)$/i.exec(header ?? "")?.[1] ?? "");
    const own = this.#bytes;
    let difference = given.length ^ own.length;
    for (let at = 0; at < own.length; at++) difference |= own[at]! ^ (given[at] ?? 0);
    return difference === 0;
  }
}
