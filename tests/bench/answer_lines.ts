import { stdinLines } from "../fixtures/stdin_lines.ts";

const ENCODER = new TextEncoder();

/** Answers each line on stdin with what `answer` makes of it. */
export async function answerLines(answer: (line: string) => unknown): Promise<void> {
  for await (const line of stdinLines()) tell(await answer(line));
}

/** A line on stderr, since stdout may be what is measured. */
export function tell(what: unknown): void {
  Deno.stderr.writeSync(ENCODER.encode(`${what}\n`));
}
