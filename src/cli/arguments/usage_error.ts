import type { Finding } from "../../config/check/finding.ts";

/** The command line, or a file that it names, is wrong: it ends the command with exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** Details, line by line. */
  readonly details: readonly string[];
  /** The details for programs that read `--json`. */
  readonly findings: readonly Finding[] | undefined;

  /** Says what is wrong; `findings` are those of a file. */
  constructor(
    message: string,
    details: readonly string[] = [],
    findings?: readonly Finding[],
  ) {
    super(message);
    this.details = details;
    this.findings = findings;
  }
}
