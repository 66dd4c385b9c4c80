import { reset, set } from "../../client/commands.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import { checkLevels } from "../../client/levels_config.ts";
import { record } from "../../client/record.ts";
import { rollback } from "../../client/rollback.ts";
import { isOff, OFF, readRecordSize } from "../../config/spec/recording_spec.ts";
import { readMatch, readSample, readWhere } from "../../config/spec/scope_setting.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { readLevel } from "../arguments/flags.ts";
import type { AgentBudget } from "./agent_budget.ts";
import { INVALID_PARAMS, RpcError } from "./rpc_error.ts";
import { answerOf, argumentsOf, REASON, type Tool } from "./tool.ts";
import type { Arguments, ArgumentSchema } from "./tool_arguments.ts";

/** Levels of loggers. */
function levelsSchema(description: string): ArgumentSchema {
  const additionalProperties = { type: "string", maxLength: 1000 } as const;
  return {
    type: "object",
    minProperties: 1,
    maxProperties: 100,
    additionalProperties,
    description,
  };
}

/** The tools that change programs for a time, or take changes back; `budget` bounds the changes. */
export function changeTools(budget: AgentBudget): readonly Tool[] {
  return [setTool(budget), recordTool(budget), ROLLBACK, RESET];
}

function setTool({ schema }: AgentBudget): Tool {
  return {
    name: "set",
    title: "Set levels for a while",
    description: "Sets levels of loggers, on threads that compute as well. It is taken back by " +
      "itself after a time, or after so many lines, whichever comes first.",
    effect: "changes",
    schema: argumentsOf(
      {
        levels: levelsSchema(
          'Levels by logger, like {"app.db": "DEBUG"}; root is the root, off is above all levels.',
        ),
        ...schema,
        reason: REASON,
        where: {
          type: "object",
          minProperties: 1,
          maxProperties: 20,
          additionalProperties: { type: "string", maxLength: 200 },
          description: 'Only log calls that have these fields, like {"user.id": "42"}.',
        },
        match: {
          type: "string",
          maxLength: 1000,
          description: "Only calls whose message as in the source is that; * is any text.",
        },
        sample: {
          type: "string",
          maxLength: 200,
          description: "Only one call in so many, like 1/100, or 1/100:requestId.",
        },
      },
      "levels",
    ),
    async run({ args, targets, by, budget }) {
      const ends = budget.of(args), levels = levelsIn(args, ABOVE_ALL);
      const where = args.texts("where");
      if (where !== undefined) valid("where", () => readWhere(where));
      args.read("match", readMatch);
      args.read("sample", readSample);
      const scope = { where, match: args.text("match"), sample: args.text("sample") };
      const options = { ...targets, ...ends, ...scope, by, reason: args.text("reason") };
      return answerOf("The levels", await set(levels, options));
    },
  };
}

function recordTool({ schema: { for: time } }: AgentBudget): Tool {
  return {
    name: "record",
    title: "Keep records in memory for a while",
    description: "Has threads keep the last records of loggers in memory, for the tool dump; " +
      "nothing of it comes out. It is taken back by itself after a time.",
    effect: "changes",
    schema: argumentsOf(
      {
        levels: levelsSchema(
          'Lowest levels by logger, like {"app.db": "DEBUG"}; off leaves a logger out.',
        ),
        for: time,
        size: {
          type: "string",
          maxLength: 10,
          description: "Bytes of each thread, 64K to 4M; 1M.",
        },
        reason: REASON,
      },
      "levels",
    ),
    async run({ args, targets, by, budget }) {
      // A recording brings out no lines, so that there are none to count.
      const { lines: _, ...ends } = budget.of(args);
      const levels = levelsIn(args, OFF);
      args.read("size", readRecordSize);
      const options = {
        ...targets,
        ...ends,
        by,
        reason: args.text("reason"),
        size: args.text("size"),
      };
      return answerOf("Keeping records", await record(levels, options));
    },
  };
}

const ROLLBACK: Tool = {
  name: "rollback",
  title: "Take back the last changes",
  description: "Takes back the last changes, whoever made them.",
  effect: "takes back",
  schema: argumentsOf({
    steps: { type: "integer", minimum: 1, maximum: 64, description: "How many; 1 if left out." },
    reason: REASON,
  }),
  async run({ args, targets, by }) {
    const options = { ...targets, by, reason: args.text("reason") };
    return answerOf("Taking back", await rollback(args.number("steps") ?? 1, options));
  },
};

const RESET: Tool = {
  name: "reset",
  title: "Take back all changes",
  description: "Goes back to what the programs had set up, taking back all changes, whoever made " +
    "them.",
  effect: "resets",
  schema: argumentsOf({ reason: REASON }),
  async run({ args, targets, by }) {
    return answerOf("Going back", await reset({ ...targets, by, reason: args.text("reason") }));
  },
};

/** The levels that are asked for; `off` is the value for the level `off`. */
function levelsIn(args: Arguments, off: string | number): Record<string, string | number> {
  const levels = Object.fromEntries(
    Object.entries(args.texts("levels")!).map(([name, level]) =>
      [name, isOff(level) ? off : readLevel(level)] as const
    ),
  );
  valid("levels", () => checkLevels(levels));
  return levels;
}

function valid(name: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw new RpcError(INVALID_PARAMS, `Cannot use "${name}": ${reasonOf(error)}`);
  }
}
