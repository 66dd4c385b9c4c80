/** Bytes of a secret, too many to be guessed. */
const BYTES = 32;

/** The secret that opens the page; another one with every start. */
export class Secret {
  /** The secret as text, as in the address of the page. */
  readonly text: string;
  readonly #bytes: Uint8Array;

  /** Makes a random secret. */
  constructor() {
    const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
    this.text = btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    this.#bytes = new TextEncoder().encode(this.text);
  }

  /** Whether a header has the secret; the time of the comparison does not tell how much is right. */
  isIn(header: string | null): boolean {
    const given = new TextEncoder().encode(/^Bearer (\S+)$/i.exec(header ?? "")?.[1] ?? "");
    const own = this.#bytes;
    let difference = given.length ^ own.length;
    for (let at = 0; at < own.length; at++) difference |= own[at]! ^ (given[at] ?? 0);
    return difference === 0;
  }
}
