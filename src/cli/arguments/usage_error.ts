/** The command line, or a file that it names, is wrong: it ends the command with exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What there is to say beside it, line by line. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
