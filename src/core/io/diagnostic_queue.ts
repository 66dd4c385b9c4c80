import { visible } from "../text/visible.ts";

/** Longest text that waits for a stderr that nobody reads; more is dropped and counted. */
const MOST_WAITING = 32_768;

const encoder = new TextEncoder();

let waiting: string[] = [];
let length = 0;
let dropped = 0;
let isWriting = false;
let writing: Promise<void> = Promise.resolve();

/**
 * Has a line written to stderr and returns at once. It is for the hub, on which all threads depend,
 * and which must not stand still because nobody reads stderr.
 * Whatever names and texts are in it, it stays one line.
 */
export function queueDiagnostic(text: string): void {
  const line = `${visible(text.replace(/\n$/, ""))}\n`;
  if (length + line.length > MOST_WAITING) dropped++;
  else {
    waiting.push(line);
    length += line.length;
  }
  if (!isWriting) writing = writeOut();
}

/** Resolves when all that was queued is on stderr, or stderr is gone. */
export function untilDiagnosed(): Promise<void> {
  return writing;
}

async function writeOut(): Promise<void> {
  isWriting = true;
  try {
    while (waiting.length > 0 || dropped > 0) {
      const lines = waiting;
      if (dropped > 0) lines.push(`logdial: ${dropped} more messages did not fit on stderr\n`);
      waiting = [];
      length = dropped = 0;
      const bytes = encoder.encode(lines.join(""));
      for (let at = 0; at < bytes.length;) at += await Deno.stderr.write(bytes.subarray(at));
    }
  } catch {
    // stderr itself is gone, and there is nobody left to tell.
    waiting = [];
    length = dropped = 0;
  } finally {
    isWriting = false;
  }
}
