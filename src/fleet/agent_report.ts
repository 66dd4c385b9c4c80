import {
  anything,
  count,
  fields,
  list,
  oneOf,
  optional,
  type Read,
  table,
  text,
} from "../wire/shape.ts";

/** What has become of a change at a thread. */
export type ChangeState =
  /** It is in force. */
  | "applied"
  /** It waits for the thread's next log call. */
  | "pending"
  /** The thread cannot take it; the reason is told. */
  | "rejected"
  /** It was in force, and was ended at the host; how is told. */
  | "ended"
  /** Its rollout has not come to the thread. */
  | "waiting";

/** A change of the fleet at a thread. */
export interface ChangeReport {
  readonly id: string;
  readonly state: ChangeState;
  /** Why, where something is to be said. */
  readonly detail?: string;
  /** How many lines its process may log thanks to it still. */
  readonly linesLeft?: number;
}

/** A thread, as an agent tells of it. */
export interface ThreadReport {
  readonly app: string;
  readonly thread: string;
  readonly pid: number;
  readonly port: number;
  /** Whether it tells nothing of itself, as CPython's listener. */
  readonly isSilent?: boolean;
  /** Own levels of its loggers. */
  readonly levels: Readonly<Record<string, string>>;
  /** The changes of the fleet that mean it. */
  readonly changes: readonly ChangeReport[];
  /** What else was changed at the host, or left over there. */
  readonly drift: readonly string[];
}

/** What an agent tells of its host. */
export interface AgentReport {
  readonly version: 1;
  readonly host: string;
  readonly agent: string;
  /** How often it tells at least, in milliseconds: one that does not is offline. */
  readonly every: number;
  readonly threads: readonly ThreadReport[];
}

const NAME = 300, DETAIL = 1000;

const readFields: Read<AgentReport> = fields<AgentReport>({
  version: oneOf<1>(1),
  host: text(NAME),
  agent: text(NAME),
  every: count(),
  threads: list(fields<ThreadReport>({
    app: text(NAME),
    thread: text(NAME),
    pid: count(),
    port: count(65_535),
    isSilent: optional(oneOf(true, false)),
    levels: table(text(NAME)),
    changes: list(fields<ChangeReport>({
      id: text(NAME),
      state: oneOf<ChangeState>("applied", "pending", "rejected", "ended", "waiting"),
      detail: optional(text(DETAIL)),
      linesLeft: optional(count()),
    })),
    drift: list(text(DETAIL)),
  })),
});

/**
 * Reads what an agent tells.
 *
 * @throws {ShapeError} It is something else.
 */
export function readReport(json: unknown): AgentReport {
  return readFields(anything(json, ""), "");
}

/** A text that is not longer than what is believed. */
export function shortDetail(detail: string): string {
  return detail.length > DETAIL / 2 ? `${detail.slice(0, DETAIL / 2)}…` : detail;
}
