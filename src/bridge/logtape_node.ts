import { Handler } from "../core/handlers/handler.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import { NOTSET } from "../core/levels/levels.ts";
import { SIGNAL } from "../core/levels/signal.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { dialFor } from "./dial_for.ts";
import { LEVELS, type LogtapeLogger, type LogtapeRecord } from "./logtape_inside.ts";
import { dialOfPart } from "./part_dials.ts";

/** The library's name, which is told beside a logger's. */
export const KIND = "logtape";

/** LogTape's own methods that a bridge has replaced. */
export interface Originals {
  /** Whether records come to a sink as the bridge says, whatever the levels above are. */
  readonly opensSinks: boolean;
  readonly emit: LogtapeLogger["emitResolved"];
  lowestLevel(logger: LogtapeLogger): string | null;
}

/** The sinks of one category, as records of another one come to them. */
class SinksOutlet extends Handler {
  readonly #category: string;
  readonly sinks: readonly unknown[];

  constructor(category: string, sinks: readonly unknown[], level: number, opens: boolean) {
    super(level);
    this.#category = category;
    this.sinks = sinks;
    // Sinks have no level of their own: the level of their category holds records back.
    this.opens = opens;
  }

  /** Takes nothing: LogTape hands its sinks what they are to write. */
  emit(): void {}

  /** `<sinks of app (INFO)>` */
  override toString(): string {
    return super.toString().replace(this.constructor.name, `sinks of ${this.#category}`);
  }
}

/** A logger on the way of records, with what it had when the way was looked up. */
interface WayStop {
  readonly logger: LogtapeLogger;
  readonly sinks: readonly unknown[];
  readonly parentSinks: string;
}

/**
 * A logger of LogTape on its dial.
 *
 * LogTape asks the level of each category on the way to the root: so a record passes only if all of
 * them let it pass. Here the logger decides by its own level; the levels of its ancestors only hold
 * records back from their own sinks, as a handler's level does. So sinks can be opened.
 */
export class LogtapeNode {
  /** The logger of LogTape. */
  readonly logger: LogtapeLogger;
  readonly dial: Dial;
  /** A dial as `dial`, by which no call is admitted: so it knows of no scope that has let one pass. */
  readonly asked: Dial;
  readonly #parent: LogtapeNode | undefined;
  readonly #originals: Originals;
  /** Whether the dial is its own, and not that of the next logger above that has one. */
  readonly #isOwn: boolean;
  /** The level that LogTape has been configured with, as it was last told to the dial. */
  #configured: number;
  #way: readonly WayStop[] = [];
  #outlets: readonly SinksOutlet[] = [];
  #seen = SIGNAL[0]! - 1;
  /** Whether the filters have let the record pass that is being handed on. */
  #isLetThrough = false;
  /** Loggers that hand a record to some of the outlets only, by the bits of these outlets. */
  #standIns = new Map<number, LogtapeLogger>();

  /** Makes the node of a logger that is `name` in the tree; without a name it follows its parent. */
  constructor(
    logger: LogtapeLogger,
    name: string | undefined,
    parent: LogtapeNode | undefined,
    originals: Originals,
  ) {
    this.logger = logger;
    this.#parent = parent;
    this.#originals = originals;
    this.#configured = libraryLevel(logger, originals);
    this.#isOwn = name !== undefined || parent === undefined;
    if (name === undefined && parent !== undefined) {
      ({ dial: this.dial, asked: this.asked } = parent);
      return;
    }
    const options = { outlets: () => this.outlets };
    this.dial = parent === undefined
      ? dialFor(name ?? KIND, KIND, options)
      // The logger may come up in a log call, which must not throw.
      : dialOfPart(name!, KIND, parent.dial, this.#configured, options);
    this.asked = this.dial.with({});
    // It starts even without a level: names may have dots, so another category may have the logger.
    this.dial.start(this.#configured, parent?.dial);
  }

  /** Frees its name in the tree. */
  close(): void {
    if (this.#isOwn) this.dial.close();
  }

  /** Tells the dial what the program has configured since. */
  sync(): void {
    const level = libraryLevel(this.logger, this.#originals);
    if (level === this.#configured || !this.#isOwn) return;
    this.#configured = level;
    this.dial.level = level;
  }

  /** Where its records come out, its own sinks first. */
  get outlets(): readonly SinksOutlet[] {
    if (!this.#isFresh()) this.#findWay();
    return this.#outlets;
  }

  /**
   * The outlets that take an admitted record, or are opened for it, a bit for each; `asked` knows what
   * has let it pass.
   */
  taking(asked: Dial, levelno: number): number {
    const outlets = this.outlets;
    let taking = 0, isHeld = false;
    for (let at = 0; at < outlets.length; at++) {
      if (levelno >= outlets[at]!.level) taking |= 1 << at;
      else isHeld = true;
    }
    if (isHeld) {
      for (const opened of asked.open(levelno)) {
        const at = outlets.indexOf(opened as SinksOutlet);
        if (at >= 0) taking |= 1 << at;
      }
    }
    return taking;
  }

  /**
   * Hands a record to the outlets that take it; false if there are none, or a filter has held it back.
   */
  hand(taking: number, record: LogtapeRecord, bypassSinks: unknown): boolean {
    if (taking === 0) return false;
    const outer = this.#isLetThrough;
    this.#isLetThrough = false;
    try {
      this.#originals.emit.call(this.#standIn(taking), record, bypassSinks);
      return this.#isLetThrough;
    } finally {
      // A sink may log by this logger.
      this.#isLetThrough = outer;
    }
  }

  /** A logger without ancestors that has these sinks, by LogTape's own class. */
  #standIn(taking: number): LogtapeLogger {
    const known = this.#standIns.get(taking);
    if (known !== undefined) return known;
    const logger = this.logger;
    const LoggerClass = logger.constructor as new (
      parent: null,
      category: readonly string[],
    ) => LogtapeLogger;
    const standIn = new LoggerClass(null, logger.category);
    // LogTape asks those of the root first.
    const taken = this.#outlets.filter((_, at) => taking & 1 << at).reverse();
    standIn.sinks.push(...taken.flatMap(({ sinks }) => sinks));
    standIn.filters.push((record) => this.#isLetThrough = logger.filter(record));
    Object.defineProperty(standIn, "lowestLevel", { value: "trace" });
    this.#standIns.set(taking, standIn);
    return standIn;
  }

  #isFresh(): boolean {
    if (SIGNAL[0] !== this.#seen) return false;
    for (let at = 0; at < this.#way.length; at++) {
      const { logger, sinks, parentSinks } = this.#way[at]!;
      if (logger.parentSinks !== parentSinks || !isSameList(logger.sinks, sinks)) return false;
    }
    return true;
  }

  #findWay(): void {
    this.#seen = SIGNAL[0]!;
    const way: WayStop[] = [], outlets: SinksOutlet[] = [];
    let level = NOTSET, isForwarded = false;
    for (let node: LogtapeNode | undefined = this; node; node = node.#parent) {
      const logger = node.logger, { parentSinks } = logger, sinks = [...logger.sinks];
      way.push({ logger, sinks, parentSinks });
      if (node !== this && !isForwarded) level = Math.max(level, node.#holdsBelow());
      if (sinks.length > 0) {
        const category = logger.category.join(".") || "the root";
        outlets.push(new SinksOutlet(category, sinks, level, this.#originals.opensSinks));
      }
      if (parentSinks === "override") break;
      if (parentSinks === "forward") isForwarded = true;
    }
    this.#way = way;
    this.#outlets = outlets;
    this.#standIns.clear();
  }

  /** Level number below which it holds records of its descendants back, from its sinks and those above. */
  #holdsBelow(): number {
    const own = this.#isOwn ? this.dial.logger.level : NOTSET;
    const configured = numberOf(this.#originals.lowestLevel(this.logger));
    // A logger that was turned lower holds back less; one that was turned higher, only its own records.
    return own === NOTSET ? configured : Math.min(own, configured);
  }
}

/** The level with which LogTape is configured; NOTSET if it is the default, and there are no sinks. */
export function libraryLevel(logger: LogtapeLogger, { lowestLevel }: Originals): number {
  const level = lowestLevel(logger);
  const isInherited = level === "trace" && logger.sinks.length === 0;
  return isInherited && logger.parent !== null ? NOTSET : numberOf(level);
}

/** Whether both are the same sinks: a later configuration may have as many others. */
function isSameList(sinks: readonly unknown[], before: readonly unknown[]): boolean {
  if (sinks.length !== before.length) return false;
  for (let at = 0; at < sinks.length; at++) if (sinks[at] !== before[at]) return false;
  return true;
}

/** The number of a level; nothing passes where it is null. */
function numberOf(level: string | null): number {
  return level === null ? ABOVE_ALL : LEVELS.numberOf(level) ?? NOTSET;
}
