import type { LastChange } from "./message.ts";
import type { CountedAt, WrittenRecords } from "./written.ts";

/** A logger as a thread has it. */
export interface LoggerInfo {
  /** Dotted name, `root` for the root. */
  readonly name: string;
  /** The library that writes its lines; undefined for logdial itself. */
  readonly kind?: string;
  /** Level of its own; undefined if it has none, so that its ancestor's counts. */
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
  /** Handlers out of which a record of its effective level comes. */
  readonly out: readonly string[];
  /** Why it comes out of none, or why that is in doubt. */
  readonly silent?: string;
  /** Records that it has written itself, without the loggers below it; undefined for none. */
  readonly written?: WrittenRecords;
}

/**
 * The answer to `loggers`. Listeners that count no records leave `at` and `seconds` out.
 */
export interface LoggerList extends Partial<CountedAt> {
  /** By name, the root first. */
  readonly loggers: readonly LoggerInfo[];
  /** How many loggers there are beside these. */
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
  /** Handlers out of which the records of these calls come. */
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
  /** Whether the logger does not exist yet; the answer is what would hold once it does. */
  readonly isNew: boolean;
  /** The logger that may have been meant by one that is new. */
  readonly similar?: string;
  /** Handlers out of which the record comes. */
  readonly out: readonly string[];
  /** Why it comes out of none, or why that is in doubt. */
  readonly silent?: string;
  /** Why it passes up to the handlers, step by step. */
  readonly steps: readonly string[];
  /** The handlers on its way, in order. */
  readonly stops: readonly WhyStop[];
  /** If the logger drops the record: changes in force that let it pass for some log calls. */
  readonly scopes?: readonly WhyScope[];
  /** Whether somebody follows the logger with `tail`, and so sees the record in any case. */
  readonly tailed: boolean;
  /** Whether the record is kept in memory for `dump`. */
  readonly recorded?: boolean;
}
