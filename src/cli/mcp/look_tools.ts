import { history } from "../../client/commands.ts";
import { loggers, why } from "../../client/loggers.ts";
import type { PastChange } from "../../client/read_results.ts";
import { status } from "../../client/status.ts";
import { fitsPattern } from "../../core/text/fits_pattern.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import { readLevel } from "../arguments/flags.ts";
import { answerOf, argumentsOf, itemsOf, type Tool } from "./tool.ts";

const LIMIT = {
  type: "integer",
  minimum: 1,
  maximum: 1000,
  description: "Most of them that are told of each thread; 100 if left out.",
} as const;
const USUAL_LIMIT = 100;
/** The text in the data before a list. */
const FIRST = "First a line for each thread.";

/** The tools that only look. */
export const LOOK_TOOLS: readonly Tool[] = [
  {
    name: "status",
    title: "Threads and levels",
    description: "Shows the threads that listen, the levels of their loggers, what was changed " +
      "last and by whom, and which changes end by themselves and when.",
    effect: "reads",
    schema: argumentsOf({}),
    async run({ targets }) {
      const threads = await status(targets);
      const data = threads.map((one) => {
        const { logdial: _, generation: __, instance: ___, can: ____, followers, ...told } = one;
        return { ...told, followers: followers?.length };
      });
      const count = threads.length;
      const isNobody = count === 0;
      const summary = isNobody
        ? "Nobody listens."
        : `${count} ${count === 1 ? "thread" : "threads"}.`;
      return { summary, data, isError: isNobody };
    },
  },
  {
    name: "loggers",
    title: "Loggers",
    description: "Shows the loggers that threads have: own and effective level, handlers, and " +
      "where their records come out.",
    effect: "reads",
    schema: argumentsOf({
      logger: {
        type: "string",
        maxLength: 1000,
        description: "Only loggers of that name; * stands for any text.",
      },
      limit: LIMIT,
    }),
    async run({ args, targets }) {
      const pattern = args.text("logger") ?? "*", limit = args.number("limit") ?? USUAL_LIMIT;
      const answers = await loggers(targets);
      const foundIn = (result: unknown) =>
        (result as LoggerList).loggers.filter(({ name }) => fitsPattern(name, pattern));
      const told = answerOf("The loggers", answers, (result) => {
        return { more: (result as LoggerList).more + Math.max(0, foundIn(result).length - limit) };
      });
      const items = itemsOf(answers, (result) => foundIn(result).slice(0, limit));
      return { ...told, summary: `${told.summary} ${FIRST}`, data: [...told.data, ...items] };
    },
  },
  {
    name: "why",
    title: "What would become of a record",
    description: "Tells what would become of a record: which level, filter or handler drops it, " +
      "or where it comes out. Nothing is logged for that.",
    effect: "reads",
    schema: argumentsOf(
      {
        logger: { type: "string", maxLength: 1000, description: "Name of the logger, or root." },
        level: { type: "string", maxLength: 100, description: "Level of the record, like DEBUG." },
      },
      "logger",
      "level",
    ),
    async run({ args, targets }) {
      const answers = await why(args.text("logger")!, readLevel(args.text("level")!), targets);
      return answerOf("What would become of it", answers, (result) => result);
    },
  },
  {
    name: "history",
    title: "Changes of the past",
    description: "Shows the changes of the past, refused ones included: when, what became of " +
      "them, who sent them and why.",
    effect: "reads",
    schema: argumentsOf({ limit: LIMIT }),
    async run({ args, targets }) {
      const limit = args.number("limit") ?? USUAL_LIMIT;
      const answers = await history(targets);
      const told = answerOf("The changes of the past", answers);
      const past = itemsOf(answers, (result) => (result as readonly PastChange[]).slice(-limit));
      const byAge = past.sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
      return { ...told, summary: `${told.summary} ${FIRST}`, byAge };
    },
  },
];
