import type { LoggingState } from "../../config/apply/logging_state.ts";
import type { NamedScope } from "../../config/apply/prepared_config.ts";
import { deliver } from "../../core/handlers/handler.ts";
import { reportHandlerError } from "../../core/io/diagnostics.ts";
import { getLevelName, INFO, NOTSET, WARNING } from "../../core/levels/levels.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import { getOpening, levelSource } from "../../core/loggers/logger_node.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { openedHandlers } from "../../core/loggers/opening.ts";
import { markScope, scopeText } from "../../core/loggers/scope.ts";
import { LogRecord } from "../../core/records/log_record.ts";
import { visible } from "../../core/text/visible.ts";
import { changedLevels, type LastChange, type Levels } from "../../wire/message.ts";
import { addressOf } from "../board/sender_address.ts";

/** Logger that tells of changes from outside. */
export const HISTORY_LOGGER = "logdial";
/** Entries that are kept. */
const MAX_ENTRIES = 100;

/** Longest detail: a refusal may quote a configuration of any length. */
const MAX_DETAIL = 1000;

/** Most refusals among these entries: of more, the oldest refusals make room first. */
const MAX_REFUSALS = 50;

/** Refusals of one sender that are logged, within so many milliseconds. */
const LOGGED_REFUSALS = 5, QUIET_MS = 60_000;

/** One change, or an attempt at one. */
export interface HistoryEntry extends LastChange {
  /** What was asked for, e.g. `change` or `rollback`. */
  readonly what: string;
  readonly outcome: "applied" | "rejected" | "ended";
  /** `root DEBUG → ERROR`, or why it was rejected. */
  readonly detail: string;
  /** ISO time at which it is taken back. */
  readonly until?: string;
  /** What a rollback or reset has taken back. */
  readonly takenBack?: readonly LastChange[];
}

/** Logs what is changed from outside, and keeps it for `history`. */
export class History {
  readonly #manager: Manager;
  #entries: HistoryEntry[] = [];
  /** How often a sender was refused since a time, by its address. */
  readonly #refused = new Map<
    string,
    { readonly since: number; count: number }
  >();

  /** Logs through the manager's logger `logdial`. */
  constructor(manager: Manager) {
    this.#manager = manager;
  }

  /** The last entries, oldest first. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /**
   * Keeps an entry and logs it: by the handlers of now or, if these show nothing, by those of
   * `before`. A quiet entry is shown only to those who watch.
   */
  note({ detail: full, ...rest }: HistoryEntry, before?: LoggingState, isQuiet = false): void {
    const entry = { ...rest, detail: full.slice(0, MAX_DETAIL) };
    this.#entries.push(entry);
    this.#makeRoom();
    const logged = this.#logged(entry);
    if (logged === undefined) return;
    const record = recordOf(logged);
    try {
      this.#log(record, before, isQuiet);
    } catch (error) {
      // A filter of the program's own may throw.
      reportHandlerError(record, error);
    }
  }

  /** Makes room; if there are too many refusals, these go first, so that none drive changes out. */
  #makeRoom(): void {
    if (this.#entries.length <= MAX_ENTRIES) return;
    const refusals = this.#entries.filter(({ outcome }) => outcome === "rejected").length;
    const oldest = (entry: HistoryEntry) =>
      refusals <= MAX_REFUSALS || entry.outcome === "rejected";
    this.#entries.splice(this.#entries.findIndex(oldest), 1);
  }

  /**
   * The entry as it is logged: undefined after a few refusals of the same sender within a
   * minute, so that none fills the program's log; how many were left out is told later.
   */
  #logged(entry: HistoryEntry): HistoryEntry | undefined {
    if (entry.outcome !== "rejected") return entry;
    const now = Date.now(), source = addressOf(entry.by);
    const known = this.#refused.get(source);
    if (known !== undefined && Math.abs(now - known.since) < QUIET_MS) {
      return ++known.count > LOGGED_REFUSALS ? undefined : entry;
    }
    if (this.#refused.size >= MAX_ENTRIES) this.#refused.clear();
    this.#refused.set(source, { since: now, count: 1 });
    const left = (known?.count ?? 0) - LOGGED_REFUSALS;
    return left <= 0 ? entry : { ...entry, detail: `${entry.detail} (and ${left} more before)` };
  }

  #log(record: LogRecord, before: LoggingState | undefined, isQuiet: boolean): void {
    const { root, disable, tap } = this.#manager;
    const logger = this.#manager.getLogger(HISTORY_LOGGER);
    // A configuration that does not name the history's logger has disabled it.
    if (logger.disabled) logger.disabled = false;
    // Those who watch see more than the program shows.
    if (record.levelno >= (tap?.levelFor(record.name) ?? Infinity)) tap!.take(record, logger);
    if (isQuiet) return;
    payNothing(logger, record);
    const threshold = logger.level || root.level;
    if (record.levelno >= threshold && record.levelno > disable) logger.handle(record);
    else if (before !== undefined) logBefore(before, record);
  }
}

/** Has the record of a change take none of the lines that changes may bring out. */
function payNothing(logger: Logger, record: LogRecord): void {
  const opening = getOpening<Logger>(levelSource<Logger>(logger));
  if (opening?.budget === undefined) return;
  const free = { ...opening, budget: undefined };
  markScope(record, { level: NOTSET, test: { where: [] }, opening: free, lines: undefined });
}

/**
 * The log record of an entry. It names a fixed caller, since a look at the stack would cost more
 * than all the rest; the name is the one that programs' lines have always shown.
 */
function recordOf(entry: HistoryEntry): LogRecord {
  const { what, by, reason, outcome, detail, until, takenBack = [] } = entry;
  const level = outcome === "rejected" ? WARNING : INFO;
  const end = until === undefined ? "" : `, until ${until}`;
  // Names and labels come from outside: none may forge a line of the log.
  const why = reason === undefined || reason === "" ? "" : `, because "${reason}"`;
  const taken = takenBack.map(({ by, label }) => label ?? by).join(", ");
  const ofWhat = taken === "" ? "" : `, takes back ${taken}`.slice(0, MAX_DETAIL);
  const text = visible(`${what} ${outcome}, by ${by}${why}: ${detail}${ofWhat}${end}`);
  return new LogRecord(HISTORY_LOGGER, level, "audit.ts", 0, text, [], undefined, "note");
}

/** Logs a record by the state before the change, for a change that hides what is logged of it. */
function logBefore(before: LoggingState, record: LogRecord): void {
  const own = before.loggers.get(HISTORY_LOGGER);
  const threshold = own?.level || before.root.level;
  if (record.levelno < threshold) return;
  const inherited = own?.propagate === false ? [] : before.root.handlers;
  const way = [...own?.handlers ?? [], ...inherited];
  const { opening } = own?.level ? own : before.root;
  const opened = opening === undefined || record.levelno < opening.from
    ? []
    : openedHandlers(way, HISTORY_LOGGER, opening);
  for (const handler of way) {
    const lowest = before.handlerLevels.get(handler) ?? 0;
    if (record.levelno >= lowest || opened.includes(handler)) deliver(handler, record);
  }
}

/** The part of a thread's state whose changes the history tells. */
export interface ToldState {
  /** Level names of the loggers that have a level of their own. */
  readonly levels: Levels;
  /** Levels for some log calls only, such as `app DEBUG for user=42`. */
  readonly scopes: readonly string[];
}

/** A level for some log calls only, in words for people. */
export function scopeLine({ logger, level, test }: NamedScope): string {
  return `${logger} ${getLevelName(level)} for ${scopeText(test)}`;
}

/** The levels that have changed, those for some calls only included, in words for people. */
export function describeChange(previous: ToldState, now: ToldState): string {
  const parts = [
    ...without(previous.scopes, now.scopes).map((scope) => `no more ${scope}`),
    ...without(now.scopes, previous.scopes),
    ...changedLevels(previous.levels, now.levels),
  ];
  if (parts.length === 0) return "no level changed";
  return parts.length > 10
    ? `${parts.slice(0, 10).join(", ")} and ${parts.length - 10} more`
    : parts.join(", ");
}

/** The first list without the items of the second, each of which takes one of its kind away. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
