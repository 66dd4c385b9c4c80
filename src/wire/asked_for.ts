/** Commands that ask something and change nothing. */
const QUESTIONS: ReadonlySet<string> = new Set([
  "check",
  "dump",
  "get",
  "history",
  "loggers",
  "tail",
  "why",
]);

/** The beginning of a command, as every sender of ours writes it. */
const COMMAND = /^\{"logdial":\{"command":"([a-z]+)"/;

/** More bytes than such a beginning has. */
const BEGINNING = 100;

const DECODER = new TextDecoder();

/**
 * The command that a payload asks for, by its beginning; "change" for all else. It is for what is
 * told of one that is not let in, which nobody reads.
 */
export function askedFor(payload: Uint8Array): string {
  return COMMAND.exec(DECODER.decode(payload.subarray(0, BEGINNING)))?.[1] ?? "change";
}

/** Whether a command asks something and changes nothing. */
export function asksOnly(command: string): boolean {
  return QUESTIONS.has(command);
}
