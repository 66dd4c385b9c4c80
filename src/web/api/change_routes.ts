import { reset, set } from "../../client/commands.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import type { Delivery } from "../../client/request.ts";
import { record } from "../../client/record.ts";
import { rollback } from "../../client/rollback.ts";
import { send } from "../../client/send.ts";
import type { SenderOptions, SendOptions } from "../../client/send_options.ts";
import { MOST_LINES } from "../../config/text/extension_words.ts";
import { isOff } from "../../config/spec/recording_spec.ts";
import {
  count,
  fields,
  oneOf,
  optional,
  type Read,
  type Shape,
  table,
  text,
} from "../../wire/shape.ts";
import { answerJson } from "../http/answers.ts";
import { type ApiContext, readRequest, type Route } from "./api_context.ts";
import { readScope, type Scope, targetsOf } from "./scope.ts";

/** The fields of every request for a change. */
interface Asked {
  readonly scope: Scope;
  readonly reason?: string;
}

/** The fields of requests for changes that may end by themselves. */
interface AskedForTime extends Asked {
  readonly for?: string;
  readonly lines?: number;
  readonly forever?: boolean;
}

const WORD = text(200);
const LEVEL: Read<string | number> = (value, field) =>
  typeof value === "number" ? value : WORD(value, field);
const LEVELS: Read<Readonly<Record<string, string | number>>> = table(LEVEL);

const ASKED: Shape<Asked> = { scope: readScope, reason: optional(WORD) };
const FOR_TIME: Shape<AskedForTime> = {
  ...ASKED,
  for: optional(WORD),
  lines: optional(count(MOST_LINES)),
  forever: optional(oneOf(true, false)),
};

interface AskedLevels extends AskedForTime {
  readonly levels: Readonly<Record<string, string | number>>;
  readonly where?: Readonly<Record<string, string>>;
  readonly sample?: string;
  readonly match?: string;
}

const readLevelChange = fields<AskedLevels>({
  ...FOR_TIME,
  levels: LEVELS,
  where: optional(table(text(1000))),
  sample: optional(WORD),
  match: optional(text(1000)),
});

const readConfig = fields<AskedForTime & { text: string; atomic?: boolean }>({
  ...FOR_TIME,
  text: text(Infinity),
  atomic: optional(oneOf(true, false)),
});

interface AskedRecording extends Omit<AskedForTime, "lines"> {
  readonly levels?: AskedLevels["levels"];
  readonly size?: string;
}

const { lines: _, ...FOR_TIME_ONLY } = FOR_TIME;
const readRecording = fields<AskedRecording>({
  ...FOR_TIME_ONLY,
  levels: optional(LEVELS),
  size: optional(WORD),
});

const readAsked = fields<Asked>(ASKED);
const readRollback = fields<Asked & { steps: number }>({ ...ASKED, steps: count(64) });

/** The requests that change something, by name: each answers with the outcome at each thread. */
export const CHANGE_ROUTES: Readonly<Record<string, Route>> = {
  set: change(readLevelChange, async (asked, options) => {
    const { levels, where, sample, match } = asked;
    const told = Object.entries(levels).map(([name, level]) => [
      name,
      typeof level === "string" && isOff(level) ? ABOVE_ALL : level,
    ]);
    const narrowed = { where, sample, match };
    return await set(Object.fromEntries(told), { ...timeOf(asked), ...options, ...narrowed });
  }),
  send: change(readConfig, async (asked, options) => {
    const { text, atomic } = asked;
    return await send(text, { ...timeOf(asked), ...options, atomic, label: "edited on the page" });
  }),
  record: change(readRecording, async (asked, options) => {
    const { levels, size, for: time, forever } = asked;
    const ends = { for: time || undefined, forever };
    return await record(levels ?? "off", { ...ends, ...options, size });
  }),
  rollback: change(readRollback, async ({ steps }, options) => await rollback(steps, options)),
  reset: change(readAsked, async (_, options) => await reset(options)),
};

function change<T extends Asked>(
  read: Read<T>,
  run: (asked: T, options: SenderOptions) => Promise<readonly Delivery[]>,
): Route {
  return {
    changes: true,
    async run(body: unknown, { targets, by, onChange }: ApiContext): Promise<Response> {
      const asked = readRequest(read, body);
      const { scope, reason } = asked;
      const options = { ...targetsOf(scope, targets), by, reason: reason || undefined };
      try {
        return answerJson({ threads: await run(asked, options) });
      } finally {
        onChange();
      }
    },
  };
}

function timeOf({ for: time, lines, forever }: AskedForTime): Pick<
  SendOptions,
  "for" | "lines" | "forever"
> {
  return { for: time || undefined, lines: lines || undefined, forever };
}
