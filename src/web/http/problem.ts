/** Why a request is refused or cannot be done. */
export class Problem extends Error {
  /** `Problem`. */
  override readonly name = "Problem";
  /** Status of the answer. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /** Says why, for people. */
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
