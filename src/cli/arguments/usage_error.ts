/** The command line is wrong: it ends the command with exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a command ends with. */
export const EXIT = {
  /** All applied, or the command has done what it says. */
  ok: 0,
  /** At least one thread rejected the change, or could not be reached any more. */
  rejected: 1,
  /** The command line or the configuration is wrong; nothing was sent. */
  usage: 2,
  /** Nobody listens on the ports. */
  nobody: 3,
  /** Nothing was rejected, but something is pending or was not confirmed. */
  unconfirmed: 4,
} as const;
