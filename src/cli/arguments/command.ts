import type { Flags, FlagSpec } from "./flags.ts";

/** A command, as its file in `cli/commands` exports it. */
export interface Command {
  /** What it prints for `--help`. */
  readonly help: string;
  /** The options that it takes. */
  readonly flags: FlagSpec;
  /** Does what it is for; resolves to the exit status. */
  readonly run: (flags: Flags) => Promise<number>;
}
