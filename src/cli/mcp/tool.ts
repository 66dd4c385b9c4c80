import type { Delivery } from "../../client/request.ts";
import type { Targets } from "../../client/targets.ts";
import { changedLevels } from "../../wire/message.ts";
import { type AgentBudget, RuleError } from "./agent_budget.ts";
import type { Arguments, ArgumentSchema, ArgumentsSchema } from "./tool_arguments.ts";

/** The context in which a tool runs. */
export interface ToolContext {
  readonly args: Arguments;
  /** The threads that are meant. */
  readonly targets: Targets;
  /** The name of the client, as programs are told it. */
  readonly by: string;
  readonly budget: AgentBudget;
  /** Ends what takes long. */
  readonly signal: AbortSignal;
}

/** The answer of a tool. */
export interface ToolAnswer {
  /** A summary in our own words, without any words of a program. */
  readonly summary: string;
  /** What programs have said; it is quoted. */
  readonly data: readonly unknown[];
  /** More of what programs have said, oldest first; if it is too much, the oldest is left out. */
  readonly byAge?: readonly unknown[];
  /** Whether the tool has failed. */
  readonly isError?: boolean;
}

/** Something that an agent can do. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /**
   * What it does to programs: nothing, something that ends by itself, an end of what others did last,
   * or of all that they did, which is the same if done again.
   */
  readonly effect: "reads" | "changes" | "takes back" | "resets";
  readonly schema: ArgumentsSchema;
  readonly run: (context: ToolContext) => Promise<ToolAnswer>;
}

/** Arguments by which a tool is narrowed to some threads. */
const TARGET_ARGUMENTS: Readonly<Record<string, ArgumentSchema>> = {
  thread: {
    type: "string",
    maxLength: 200,
    description: "Name of the thread; * stands for any text. All if left out.",
  },
  app: {
    type: "string",
    maxLength: 200,
    description: "Name of the program; * stands for any text. All if left out.",
  },
  pid: {
    type: "integer",
    minimum: 1,
    maximum: 2 ** 31,
    description: "Process id. All if left out.",
  },
};

/** Why something is changed. */
export const REASON: ArgumentSchema = {
  type: "string",
  maxLength: 100,
  description: "Why, for status, history and the programs' logs.",
};

/** The arguments of a tool, those included that choose threads. */
export function argumentsOf(
  properties: Readonly<Record<string, ArgumentSchema>>,
  ...required: string[]
): ArgumentsSchema {
  return {
    type: "object",
    properties: { ...properties, ...TARGET_ARGUMENTS },
    ...required.length > 0 ? { required } : {},
    additionalProperties: false,
  };
}

/**
 * The threads that a call means, among those that the operator lets an agent see.
 *
 * @throws {RuleError} The call names threads that the operator does not let the agent see.
 */
export function targetsOf(args: Arguments, allowed: Targets): Targets {
  const asked = { name: args.text("thread"), app: args.text("app"), pid: args.number("pid") };
  for (const [key, value] of Object.entries(asked)) {
    const own = allowed[key as keyof typeof asked];
    if (value !== undefined && own !== undefined && value !== own) {
      throw new RuleError(`Cannot choose by ${key}: the operator has chosen by --${key} already`);
    }
  }
  const { name = allowed.name, app = allowed.app, pid = allowed.pid } = asked;
  return { ...allowed, name, app, pid };
}

/** The answer with the outcome at each thread; `resultOf` chooses what is told of a result. */
export function answerOf(
  what: string,
  deliveries: readonly Delivery[],
  resultOf: (result: unknown) => unknown = () => undefined,
): ToolAnswer {
  const counts = new Map<string, number>();
  for (const { outcome } of deliveries) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const counted = [...counts].map(([outcome, count]) => `${outcome} on ${count}`).join(", ");
  const isDone = deliveries.some(({ outcome }) => DONE.has(outcome));
  return {
    summary: deliveries.length === 0
      ? `${what}: nobody listens`
      : `${what}: ${counted} ${deliveries.length === 1 ? "thread" : "threads"}.`,
    data: deliveries.map((one) => ({ ...threadOf(one), ...resultIn(one, resultOf) })),
    isError: !isDone,
  };
}

/** The answer with a list from each thread; `itemsOf` gives the items of a result. */
export function itemsOf<T extends object>(
  deliveries: readonly Delivery[],
  itemsIn: (result: unknown) => readonly T[],
): (T & { readonly thread: string | undefined; readonly port: number })[] {
  return deliveries.flatMap(({ name, port, via, result }) =>
    result === undefined
      ? []
      : itemsIn(result).map((item) => ({ thread: name, port: via ?? port, ...item }))
  );
}

/** Outcomes that are no errors; a thread that is `pending` applies the change at its next log call. */
const DONE: ReadonlySet<string> = new Set(["applied", "pending", "unchanged", "unconfirmed"]);

function threadOf(delivery: Delivery): object {
  const { name, pid, port, via, outcome, error, note, until, maxLines } = delivery;
  const { previous, levels, opened, silent, unknown, takenBack, recorder } = delivery;
  const changed = previous && levels && changedLevels(previous, levels);
  return {
    ...{ thread: name, pid, port: via ?? port, outcome, changed, until, maxLines },
    ...{ opened, silent, unknown, takenBack, recorder, note, error: error?.message },
  };
}

function resultIn({ result }: Delivery, resultOf: (result: unknown) => unknown): object {
  const told = result === undefined ? undefined : resultOf(result);
  return told === undefined ? {} : { result: told };
}
