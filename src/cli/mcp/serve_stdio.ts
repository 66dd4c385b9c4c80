import { readLines } from "../../client/read_lines.ts";
import { pause } from "../../core/runtime/pause.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import type { RpcServer } from "./rpc_server.ts";

/** How long running requests may take when the client has gone, in milliseconds. */
const LAST_MS = 1000;

/**
 * Serves whoever has started this process, until that closes stdin: messages come by stdin, a line
 * each, and answers go to stdout, whole and one after the other.
 *
 * @throws {Error} Messages cannot be read, or answers are not taken any more.
 */
export async function serveStdio(server: RpcServer): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  const running = new Set<Promise<void>>();
  const unanswered = Promise.withResolvers<never>();
  const take = async (line: string | null) => {
    const answer = await server.answer(line);
    if (answer !== undefined) writing = writing.then(() => writeLine(answer));
    await writing;
  };
  const read = async () => {
    for await (const lines of readLines(Deno.stdin, null)) {
      for (const line of lines) {
        const taken: Promise<void> = take(line).finally(() => running.delete(taken));
        running.add(taken);
        taken.catch(unanswered.reject);
      }
    }
  };
  try {
    // If answers cannot be written any more, nothing more is done.
    await Promise.race([read(), unanswered.promise]);
    // A script may close stdin before there is an answer: running requests get a little time.
    await Promise.race([Promise.all(running), pause(LAST_MS)]);
  } catch (error) {
    throw new Error(`Cannot serve the client: ${reasonOf(error)}`);
  } finally {
    server.end();
    await Promise.allSettled(running);
  }
}

async function writeLine(line: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
