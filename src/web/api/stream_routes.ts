import { dump } from "../../client/dump.ts";
import { tail } from "../../client/tail.ts";
import { checkLevel, levelToSend } from "../../core/levels/levels.ts";
import { pause } from "../../core/runtime/pause.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { fields, optional, type Read, table, text } from "../../wire/shape.ts";
import { answerStream } from "../http/answers.ts";
import { Problem } from "../http/problem.ts";
import { type ApiContext, readRequest, type Route } from "./api_context.ts";
import { readScope, type Scope, targetsOf } from "./scope.ts";

/** Type of an answer of many lines of JSON. */
const LINES = "application/x-ndjson; charset=utf-8";
/** Most lines that are sent at once. */
const MOST_AT_ONCE = 500;
/** How long to wait for more lines to send together, in milliseconds. */
const TOGETHER_MS = 10;
/** Most tails and dumps at once: each holds a connection to each port. */
const MOST_STREAMS = 32;

interface Asked {
  readonly scope: Scope;
  readonly level?: string;
  readonly logger?: string;
}

const SELECTION = { scope: readScope, level: optional(text(200)), logger: optional(text(1000)) };
const readTail: Read<Asked> = fields<Asked>(SELECTION);
const readDump = fields<Asked & { last?: string; where?: Readonly<Record<string, string>> }>({
  ...SELECTION,
  last: optional(text(200)),
  where: optional(table(text(1000))),
});

let open = 0;

/** The requests that are answered by lines of JSON, by name. */
export const STREAM_ROUTES: Readonly<Record<string, Route>> = {
  tail: {
    changes: false,
    run(body: unknown, { targets, ended }: ApiContext): Promise<Response> {
      const asked = readRequest(readTail, body);
      const controller = new AbortController();
      const { signal } = controller;
      const lines = tail({ ...targetsOf(asked.scope, targets), ...selectionOf(asked), signal });
      return Promise.resolve(answerLines(lines, ended, () => controller.abort()));
    },
  },
  dump: {
    changes: false,
    run(body: unknown, { targets, ended }: ApiContext): Promise<Response> {
      const asked = readRequest(readDump, body);
      const { last, where } = asked;
      const options = { last: last || undefined, where };
      const lines = dump({ ...targetsOf(asked.scope, targets), ...selectionOf(asked), ...options });
      return Promise.resolve(answerLines(lines, ended, () => {}));
    },
  },
};

function selectionOf({ level, logger }: Asked): { level?: number; logger?: string } {
  return {
    ...level ? { level: readLevel(level) } : {},
    ...logger && logger !== "root" ? { logger } : {},
  };
}

function readLevel(level: string): number {
  const upper = level.toUpperCase();
  return checkLevel(/^\d+$/.test(level) ? Number(level) : levelToSend(upper));
}

/** Answers with lines as they come; the last one tells why there are no more. */
function answerLines(
  lines: AsyncIterable<object>,
  ended: AbortSignal,
  abort: () => void,
): Response {
  if (open >= MOST_STREAMS) {
    throw new Problem(503, `Cannot follow more: ${MOST_STREAMS} tails and dumps are open already`);
  }
  open++;
  const batches = batch(lines[Symbol.asyncIterator]());
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    open--;
    ended.removeEventListener("abort", close);
    abort();
    // Nobody hears any more of what goes wrong now.
    batches.return(undefined).catch(() => {});
  };
  ended.addEventListener("abort", close);
  return answerStream(LINES, async () => (await batches.next()).value, close);
}

async function* batch(lines: AsyncIterator<object>): AsyncGenerator<string, undefined> {
  // The next lines, if they have been asked for already.
  let coming: Promise<IteratorResult<object>> | undefined;
  try {
    // The answer begins before the first line, which may be long in coming.
    yield "\n";
    for (;;) {
      let text = "", late: Promise<undefined> | undefined;
      let got: IteratorResult<object> | undefined = await (coming ?? lines.next());
      coming = undefined;
      for (let count = 0; got !== undefined && !got.done; count++) {
        text += `${JSON.stringify(got.value)}\n`;
        if (count === MOST_AT_ONCE) break;
        coming = lines.next();
        late ??= pause(TOGETHER_MS).then(() => undefined);
        got = await Promise.race([coming, late]);
        if (got !== undefined) coming = undefined;
      }
      if (text !== "") yield text;
      if (got?.done) return;
    }
  } catch (error) {
    yield `${JSON.stringify({ failure: reasonOf(error) })}\n`;
  } finally {
    coming?.catch(() => {});
    await lines.return?.();
  }
}
