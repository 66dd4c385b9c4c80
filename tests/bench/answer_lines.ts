import { stdinLines } from "../fixtures/stdin_lines.ts";
import { tell } from "../fixtures/tell.ts";

/** Answers each line on stdin with what `answer` makes of it. */
export async function answerLines(answer: (line: string) => unknown): Promise<void> {
  for await (const line of stdinLines()) tell(await answer(line));
}
