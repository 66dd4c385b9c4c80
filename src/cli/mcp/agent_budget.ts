import { formatDuration, parseDuration } from "../../config/spec/duration.ts";
import type { SendOptions } from "../../client/send_options.ts";
import type { Arguments, ArgumentSchema } from "./tool_arguments.ts";

/** The time and the lines of a change that asks for none. */
const USUAL_MS = 600_000, USUAL_LINES = 10_000;
/** What {@linkcode AgentBudget} allows unless told otherwise. */
export const MOST_MS = 3_600_000, MOST_LINES = 100_000;

/** The error of an agent that asks for something it may not do; the message has the rule. */
export class RuleError extends Error {}

/** How long, and for how many lines of a process, a change of an agent may last: never for ever. */
export class AgentBudget {
  readonly #mostMs: number;
  readonly #mostLines: number;

  /** The most that a change may ask for. */
  constructor(mostMs: number, mostLines: number) {
    this.#mostMs = mostMs;
    this.#mostLines = mostLines;
  }

  /** The arguments by which a tool asks for time and lines. */
  get schema(): Readonly<Record<"for" | "lines", ArgumentSchema>> {
    const time = this.#text(Math.min(USUAL_MS, this.#mostMs)), most = this.#text(this.#mostMs);
    const lines = Math.min(USUAL_LINES, this.#mostLines);
    return {
      for: {
        type: "string",
        maxLength: 50,
        description: `After how long it is taken back, like 90s or 10m; ${time} if left out, ` +
          `${most} at most.`,
      },
      lines: {
        type: "integer",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "After how many lines that a process logs only thanks to it it is taken " +
          `back; ${lines} if left out, ${this.#mostLines} at most.`,
      },
    };
  }

  /**
   * The end of a change: what it asks for, or the usual one.
   *
   * @throws {RuleError} It asks for more than it may.
   */
  of(args: Arguments): Required<Pick<SendOptions, "for" | "lines" | "forever">> {
    const time = args.read("for", parseDuration) ?? Math.min(USUAL_MS, this.#mostMs);
    const lines = args.number("lines") ?? Math.min(USUAL_LINES, this.#mostLines);
    if (time > this.#mostMs) {
      throw new RuleError(
        `Cannot change it for ${this.#text(time)}: a change by an agent ends after ` +
          `${this.#text(this.#mostMs)} at most; ask the operator to do it, or for --max-for`,
      );
    }
    if (lines > this.#mostLines) {
      throw new RuleError(
        `Cannot change it for ${lines} lines: a change by an agent ends after ` +
          `${this.#mostLines} lines at most; ask the operator to do it, or for --max-lines`,
      );
    }
    return { for: `${time}ms`, lines, forever: false };
  }

  #text(milliseconds: number): string {
    return formatDuration(milliseconds).replace(/ 0[ms]$/, "");
  }
}
