/** The command line is wrong: it ends the command with exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
