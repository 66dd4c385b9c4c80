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
import { readUnknown, type UnknownLogger } from "../wire/logger_notes.ts";
import { seenKey } from "./fleet_keys.ts";
import { READ_SHORT } from "./fleet_lengths.ts";

/** The state of a change at a thread. */
export type ChangeState =
  /** The change is in force. */
  | "applied"
  /** The change waits for the thread's next log call. */
  | "pending"
  /** The thread cannot take it; the reason is told. */
  | "rejected"
  /** The change was in force, and was ended at the host; the detail tells how. */
  | "ended"
  /** The change's rollout has not come to the thread yet. */
  | "waiting";

/** A change of the fleet at a thread. */
export interface ChangeReport {
  readonly id: string;
  readonly state: ChangeState;
  /** Why, if there is something to say. */
  readonly detail?: string;
  /** Some of the loggers that did not exist before it named them. */
  readonly unknown?: readonly UnknownLogger[];
  /** How many lines the process may still log thanks to it. */
  readonly linesLeft?: number;
  /** Whether it is not wanted any more, and waits to be taken back. */
  readonly isLeaving?: boolean;
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
  /** Other changes at the host, and changes that were left over there. */
  readonly drift: readonly string[];
  /** Whether a part is left out, since it is too much for one value of the server. */
  readonly isCut?: boolean;
}

/** What an agent tells of its host. */
export interface AgentReport {
  readonly version: 1;
  readonly host: string;
  readonly agent: string;
  /** Longest time between two reports, in milliseconds: an agent that takes longer is offline. */
  readonly every: number;
  readonly threads: readonly ThreadReport[];
}

/** Longest texts that agents tell. */
const NAME = 300, DETAIL = 500;
/** Most new loggers of a change that agents tell. */
const MOST_UNKNOWN = 5;

const readFields: Read<AgentReport> = fields<AgentReport>({
  version: oneOf<1>(1),
  host: text(READ_SHORT),
  agent: text(READ_SHORT),
  every: count(),
  threads: list(fields<ThreadReport>({
    app: text(READ_SHORT),
    thread: text(READ_SHORT),
    pid: count(),
    port: count(65_535),
    isSilent: optional(oneOf(true, false)),
    levels: table(text(READ_SHORT)),
    changes: list(fields<ChangeReport>({
      id: text(READ_SHORT),
      state: oneOf<ChangeState>("applied", "pending", "rejected", "ended", "waiting"),
      detail: optional(text(READ_SHORT)),
      unknown: optional(list(readUnknown)),
      linesLeft: optional(count()),
      isLeaving: optional(oneOf(true, false)),
    })),
    drift: list(text(READ_SHORT)),
    isCut: optional(oneOf(true, false)),
  })),
});

/**
 * Reads what an agent tells under a key, which the server may have let it write.
 *
 * @throws {Error} It is something else, or is told for another host or agent.
 */
export function readReport(json: unknown, key: string): AgentReport {
  const report = readFields(anything(json, ""), "");
  const { host, agent } = report, own = seenKey(host, agent);
  if (own === key) return report;
  throw new Error(`it tells of host "${host}", which is told of under ${own}`);
}

/** A detail, cut to the length that may be told. */
export function shortDetail(detail: string): string {
  return cut(detail, DETAIL);
}

/** A thread with its names and texts cut to the lengths that may be told. */
export function shortThread(thread: ThreadReport): ThreadReport {
  const { app, levels, changes, drift } = thread;
  return {
    ...thread,
    app: cut(app, NAME),
    thread: cut(thread.thread, NAME),
    levels: Object.fromEntries(
      Object.entries(levels).map(([name, level]) => [cut(name, NAME), cut(level, NAME)]),
    ),
    changes: changes.map((one) => ({
      ...one,
      ...one.detail === undefined ? {} : { detail: shortDetail(one.detail) },
      ...one.unknown === undefined ? {} : { unknown: one.unknown.slice(0, MOST_UNKNOWN) },
    })),
    drift: drift.map(shortDetail),
  };
}

/** How much is kept of each thread's levels, details and drift, tried in this order. */
const CUTS = [
  { levels: 100, details: 200, drift: 20 },
  { levels: 10, details: 60, drift: 4 },
  { levels: 0, details: 0, drift: 1 },
] as const;

/** As much of a report as a value of so many bytes holds. The states of changes are never cut. */
export function fittingReport(report: AgentReport, most: number): AgentReport {
  let told = report;
  for (const { levels, details, drift } of CUTS) {
    if (new TextEncoder().encode(JSON.stringify(told)).length <= most) break;
    const threads = report.threads.map((thread): ThreadReport => ({
      ...thread,
      levels: Object.fromEntries(Object.entries(thread.levels).slice(0, levels)),
      changes: thread.changes.map(({ detail = "", unknown: _, ...one }) =>
        detail === "" || details === 0 ? one : { ...one, detail: cut(detail, details) }
      ),
      drift: thread.drift.slice(0, drift),
      isCut: true,
    }));
    told = { ...report, threads };
  }
  return told;
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
