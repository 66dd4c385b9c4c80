import type { LastChange } from "./message.ts";
import type { CountedAt, WrittenRecords } from "./written.ts";

/** A logger as a thread has it. */
export interface LoggerInfo {
  /** Dotted name, `root` for the root. */
  readonly name: string;
  /** The library that writes its lines; undefined for logdial itself. */
  readonly kind?: string;
  /** Level of its own, undefined where it has its ancestor's. */
  readonly level?: string;
  /** Level that counts for it. */
  readonly effective: string;
  /** Whether it drops everything. */
  readonly disabled: boolean;
  /** Whether its records go on to its ancestors' handlers. */
  readonly propagate: boolean;
  /** Handlers of its own. */
  readonly handlers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly level: string;
  }[];
  /** Filters of its own. */
  readonly filters: readonly string[];
  /** Handlers that a record of its effective level comes out of. */
  readonly out: readonly string[];
  /** Why it comes out of none, or why that is in doubt. */
  readonly silent?: string;
  /** What it has written itself, not those below it; undefined for nothing. */
  readonly written?: WrittenRecords;
}

/**
 * The answer to `loggers`. When its records were counted is undefined from listeners that count
 * nothing.
 */
export interface LoggerList extends Partial<CountedAt> {
  /** By name, the root first. */
  readonly loggers: readonly LoggerInfo[];
  /** How many there are beside these. */
  readonly more: number;
}

/** A handler on a record's way. */
export interface WhyStop {
  /** Name and kind of the handler. */
  readonly handler: string;
  /** Logger that it belongs to, undefined for the last resort. */
  readonly logger?: string;
  /** `opened`: it takes the record though its level is higher. */
  readonly outcome: "taken" | "opened" | "held";
  /** What it does with the record, and why. */
  readonly reason: string;
  /** Filters that may hold the record back. */
  readonly doubts: readonly string[];
}

/** A change in force that lets some log calls pass whatever the logger's level, and who sent it. */
export interface WhyScope extends LastChange {
  /** Which calls these are, such as `user=42`. */
  readonly calls: string;
  /** Handlers that their records come out of. */
  readonly out: readonly string[];
  /** Why they come out of none, or why that is in doubt. */
  readonly silent?: string;
}

/** The answer to `why`. */
export interface Why {
  /** Name of the logger. */
  readonly logger: string;
  /** Name of the record's level. */
  readonly level: string;
  /** Whether there is no such logger yet; told is what will be once there is. */
  readonly isNew: boolean;
  /** The logger that may have been meant by one that is new. */
  readonly similar?: string;
  /** Handlers that the record comes out of. */
  readonly out: readonly string[];
  /** Why it comes out of none, or why that is in doubt. */
  readonly silent?: string;
  /** What lets it pass up to the handlers, step by step. */
  readonly steps: readonly string[];
  /** The handlers on its way, in order. */
  readonly stops: readonly WhyStop[];
  /** Where the logger drops the record: what lets it pass for some log calls. */
  readonly scopes?: readonly WhyScope[];
  /** Whether somebody follows the logger with `tail`, who sees the record in any case. */
  readonly tailed: boolean;
  /** Whether it is kept in memory for `dump`. */
  readonly recorded?: boolean;
}
