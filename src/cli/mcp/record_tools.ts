import { dump } from "../../client/dump.ts";
import { tail } from "../../client/tail.ts";
import { parseDuration } from "../../config/spec/duration.ts";
import { readWhere } from "../../config/spec/scope_setting.ts";
import { checkLevel } from "../../core/levels/levels.ts";
import { readLevel, readOption } from "../arguments/flags.ts";
import { argumentsOf, type Tool } from "./tool.ts";

/** How many records are told unless the request says more, and most of them. */
const USUAL_LIMIT = 100, MOST_LIMIT = 1000;
/** How long it listens unless the request says, and at most, in seconds. */
const USUAL_S = 5, MOST_S = 30;

const SELECTION = {
  logger: {
    type: "string",
    maxLength: 1000,
    description: "Logger at or below which to see records. All if left out.",
  },
  level: { type: "string", maxLength: 100, description: "Lowest level to see, like INFO." },
  limit: {
    type: "integer",
    minimum: 1,
    maximum: MOST_LIMIT,
    description: `Most records that are told, the newest; ${USUAL_LIMIT} if left out.`,
  },
} as const;

/** The tools that show records. */
export const RECORD_TOOLS: readonly Tool[] = [
  {
    name: "tail",
    title: "Records as they come",
    description: "Listens for some seconds and shows the records that are logged meanwhile, from " +
      "DEBUG on, also of loggers whose levels drop them. Changes no level and no output.",
    effect: "reads",
    schema: argumentsOf({
      ...SELECTION,
      limit: {
        ...SELECTION.limit,
        description: "After how many records it ends; 100 if left out.",
      },
      seconds: {
        type: "integer",
        minimum: 1,
        maximum: MOST_S,
        description: `How long to listen; ${USUAL_S} if left out.`,
      },
    }),
    async run({ args, targets, signal }) {
      const seconds = args.number("seconds") ?? USUAL_S;
      const limit = args.number("limit") ?? USUAL_LIMIT;
      const level = args.read("level", levelNumber) ?? 10;
      const over = new AbortController();
      const end = () => over.abort();
      signal.addEventListener("abort", end, { once: true });
      const timer = setTimeout(end, seconds * 1000);
      const data: unknown[] = [];
      let count = 0;
      try {
        const logger = args.text("logger");
        for await (const line of tail({ ...targets, level, logger, signal: over.signal })) {
          data.push(line);
          // Lines without a time tell that a thread began or failed.
          if ("time" in line) count++;
          if (count >= limit) break;
        }
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
      }
      const records = `${count} ${count === 1 ? "record" : "records"}`;
      const summary = count >= limit
        ? `${records}, then it was enough.`
        : over.signal.aborted
        ? `${records} in ${seconds} s.`
        : `${records}, then nobody was there any more.`;
      return { summary, data: [], byAge: data };
    },
  },
  {
    name: "dump",
    title: "Records kept in memory",
    description: "Shows the last records that threads have kept in memory since the tool record, " +
      "also of threads that hang or have ended.",
    effect: "reads",
    schema: argumentsOf({
      ...SELECTION,
      last: {
        type: "string",
        maxLength: 50,
        description: "How long before the newest record of its thread one may be, like 30s.",
      },
      where: {
        type: "object",
        minProperties: 1,
        maxProperties: 20,
        additionalProperties: { type: "string", maxLength: 200 },
        description: 'Texts that stand in the record, by dotted path: {"requestId": "a1"}.',
      },
    }),
    async run({ args, targets, signal }) {
      const level = args.read("level", levelNumber) ?? 0, logger = args.text("logger");
      args.read("last", parseDuration);
      const last = args.text("last"), where = args.texts("where");
      if (where !== undefined) readOption("where", () => readWhere(where));
      const limit = args.number("limit") ?? USUAL_LIMIT;
      const threads: object[] = [], records: unknown[] = [];
      let overtaken = 0;
      for await (const line of dump({ ...targets, level, logger, last, where })) {
        // Somebody on a port may have no end to tell.
        if (signal.aborted) break;
        if (!("time" in line)) threads.push(line);
        else if (records.push(line) > limit) {
          records.shift();
          overtaken++;
        }
      }
      const older = overtaken === 0 ? "" : `, ${overtaken} older ones are left out`;
      const summary = `${records.length} records${older}; first a line for each thread.`;
      const isFailure = (line: object) => "failure" in line;
      const isError = records.length === 0 && threads.length > 0 && threads.every(isFailure);
      return { summary, data: threads, byAge: records, isError };
    },
  },
];

/** The number of a level; names of levels that a program has made up are not known here. */
function levelNumber(text: string): number {
  return checkLevel(readLevel(text));
}
