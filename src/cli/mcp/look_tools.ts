import { history } from "../../client/commands.ts";
import { loggers, why } from "../../client/loggers.ts";
import { status } from "../../client/status.ts";
import { fitsPattern } from "../../core/text/fits_pattern.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import { readLevel } from "../arguments/flags.ts";
import { answerOf, argumentsOf, type Tool } from "./tool.ts";

const LIMIT = {
  type: "integer",
  minimum: 1,
  maximum: 1000,
  description: "Most of them that are told of each thread; 100 if left out.",
} as const;
const USUAL_LIMIT = 100;

/** What tells how things are. */
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
      return answerOf("The loggers", await loggers(targets), (result) => {
        const { loggers: all, more } = result as LoggerList;
        const found = all.filter(({ name }) => fitsPattern(name, pattern));
        return { loggers: found.slice(0, limit), more: more + Math.max(0, found.length - limit) };
      });
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
      return answerOf("The changes of the past", await history(targets), (result) => {
        return (result as readonly unknown[]).slice(-limit);
      });
    },
  },
];
