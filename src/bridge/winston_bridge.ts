import { ABOVE_ALL } from "../core/levels/above_all.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { dialFor } from "./dial_for.ts";
import type { LevelMap } from "./level_map.ts";
import { wouldComeOut } from "./would_come_out.ts";
import { Patch } from "./patch.ts";
import { readOr } from "./read_arguments.ts";
import { type Inside, KIND, levelMap, OFF, toldOf } from "./winston_inside.ts";
import {
  forgetOpened,
  gateTransport,
  type Info,
  keepOpened,
  LEVEL,
  type Opened,
  openedFor,
  outletOf,
  type Transport,
  writeOpened,
} from "./winston_transports.ts";

const NOTHING: readonly never[] = [];
/** What is known of a record that transports without a level of their own take. */
const FOLLOWED: Opened = { outlets: NOTHING, isFollowed: true };

/** What a level method asks: it is known by its name, and its number may change. */
interface LevelCell {
  number: number;
}

/** A method by which programs log. */
type Method = (this: Inside | undefined, ...args: unknown[]) => unknown;

/** A logger of winston with its children and transports, on the dial. */
export class WinstonBridge {
  readonly #logger: Inside;
  readonly #dial: Dial;
  /**
   * Another dial of the logger, to be asked between calls: it knows of no call that a scope has let
   * pass.
   */
  readonly #asked: Dial;
  readonly #patch = new Patch();
  readonly #gated = new Map<Transport, () => void>();
  readonly #cells = new Map<string, LevelCell>();
  #ranks: Readonly<Record<string, number>>;
  #levels: LevelMap;
  /** The level that the program has given it. */
  #own: string;
  /** What a child hands on instead of writing, while it is asked for its fields. */
  #caught: Info | undefined;
  #isAsking = false;
  /** Whether no transport gets the record that is being written, as far as is known at once. */
  #isDropped = false;
  /** The function by which the program has made the call that is under way. */
  #above: Method | undefined = undefined;

  constructor(logger: Inside, name: string) {
    this.#logger = logger;
    this.#own = logger.level;
    this.#ranks = logger.levels;
    this.#levels = levelMap(this.#ranks);
    const outlets = () => this.#outlets();
    this.#dial = dialFor(name, KIND, { outlets });
    this.#asked = this.#dial.with({});
    this.#dial.start(this.#lowest());
    this.#replaceAll();
  }

  /** Puts all back. */
  readonly undo = (): void => {
    this.#patch.undo();
    for (const restore of this.#gated.values()) restore();
    this.#dial.close();
    this.#logger.level = this.#own;
  };

  #replaceAll(): void {
    const logger = this.#logger, patch = this.#patch;
    for (const name of Object.keys(this.#ranks)) this.#replaceMethod(name);
    const { write, log } = logger;
    const bridge = this;
    patch.value(
      logger,
      "write",
      (info: Info, ...rest: unknown[]) => this.#write(write, info, rest),
    );
    const logMethod: Method = function (this: Inside | undefined, ...args: unknown[]) {
      if (args.length > 1 && bridge.#drops(args[0])) return this ?? logger;
      return bridge.#call(logMethod, log, this ?? logger, ...args);
    };
    patch.value(logger, "log", logMethod);
    patch.value(logger, "isLevelEnabled", function (this: Inside | undefined, level: string) {
      return bridge.#isLevelEnabled(this ?? logger, level);
    });
    this.#replaceStream();
    this.#replaceChanging("add");
    this.#replaceChanging("configure");
    this.#replaceChanging("remove");
    this.#replaceChanging("clear");
    this.#replaceLevel();
    this.#gateTransports();
  }

  #replaceMethod(name: string): void {
    const logger = this.#logger;
    const original = (logger as unknown as Record<string, Method | undefined>)[name];
    if (typeof original !== "function") return;
    const dial = this.#dial, cell = this.#cellOf(name), bridge = this;
    const method: Method = function (this: Inside | undefined, ...args: unknown[]) {
      if (dial.isOff(cell.number)) return this ?? logger;
      return bridge.#call(method, original, this ?? logger, ...args);
    };
    this.#patch.value(logger, name, method);
  }

  /**
   * Makes a call of the program's, by the function that it has called. It takes the arguments
   * spread, since else dropped calls would make an array of them too.
   */
  #call(method: Method, original: Method, logger: Inside, ...args: unknown[]): unknown {
    // The method of a level may call the one of all levels, and the call be made already.
    if (this.#above !== undefined) return original.apply(logger, args);
    this.#above = method;
    try {
      return original.apply(logger, args);
    } finally {
      this.#above = undefined;
    }
  }

  /** Has records that wait for a transport keep what has let them pass. */
  #replaceStream(): void {
    const logger = this.#logger, { _transform, push } = logger;
    this.#patch.value(
      logger,
      "_transform",
      (info: Info, ...rest: unknown[]) =>
        writeOpened(openedFor(info), () => _transform.call(logger, info, ...rest)),
    );
    this.#patch.value(logger, "push", (info: unknown, ...rest: unknown[]) => {
      // A format says so of a record that is not to be written.
      if (!info) this.#isDropped = true;
      const isMore = push.call(logger, info, ...rest);
      // A format may have made another object of the one that was written.
      if (typeof info === "object" && info !== null && this.#isWaiting()) keepOpened(info as Info);
      return isMore;
    });
  }

  /** Whether formatted records may be on their way still; also where a stream does not say so. */
  #isWaiting(): boolean {
    if (this.#logger.readableLength !== 0) return true;
    for (const { writableLength } of this.#gated.keys()) if (writableLength !== 0) return true;
    return false;
  }

  /** A method after which there may be other transports. */
  #replaceChanging(key: "add" | "configure" | "remove" | "clear"): void {
    const logger = this.#logger, original = logger[key];
    this.#patch.value(logger, key, (...args: unknown[]) => {
      const result = original.apply(logger, args);
      this.#gateTransports();
      return result;
    });
  }

  #replaceLevel(): void {
    const logger = this.#logger, bridge = this;
    this.#patch.define(logger, "level", {
      get: () => {
        const dial = this.#dial, { level } = dial;
        const own = this.#levels.numberOf(this.#own);
        // As the program has said it, since several words may mean the same.
        if (own !== undefined && level <= own && !dial.isTurned) return this.#own;
        return this.#levels.nameOf(level) ?? OFF;
      },
      set(level: string) {
        // A child that is given a level only tells it, and logs as its logger does: as without a
        // bridge.
        if (this !== logger) {
          const mine = { value: level, writable: true, enumerable: true, configurable: true };
          Object.defineProperty(this, "level", mine);
        } else bridge.#setLevel(level);
      },
      enumerable: true,
      configurable: true,
    });
  }

  #setLevel(level: string): void {
    this.#own = level;
    this.#lookAtLevels();
    this.#dial.level = this.#lowest();
  }

  /**
   * The lowest level that any transport takes, which is the logger's: winston asks transports
   * alone, whose own level may be lower than that of their logger.
   */
  #lowest(): number {
    const own = this.#numberOf(this.#own);
    const taken = this.#logger.transports.map(({ level }) => level ? this.#numberOf(level) : own);
    return Math.min(own, ...taken);
  }

  /** Looks at the levels again, since `configure` may have brought others. */
  #lookAtLevels(): void {
    const { levels } = this.#logger;
    if (levels === this.#ranks) return;
    this.#ranks = levels;
    this.#levels = levelMap(levels);
    for (const name of this.#cells.keys()) this.#cellOf(name);
  }

  #cellOf(name: string): LevelCell {
    const cell = this.#cells.get(name) ?? { number: 0 };
    // What is unknown is winston's to complain of.
    cell.number = this.#levels.numberOf(name) ?? Infinity;
    this.#cells.set(name, cell);
    return cell;
  }

  /** A level's number; nothing passes one that winston does not know, and all if there is none. */
  #numberOf(level: string): number {
    return level ? this.#levels.numberOf(level) ?? ABOVE_ALL : 1;
  }

  #gateTransports(): void {
    const transports = new Set(this.#logger.transports);
    for (const transport of transports) {
      // Other streams take all that they are given.
      if (this.#gated.has(transport) || typeof transport._accept !== "function") continue;
      const gate = gateTransport(transport, () => this.#dial.restart(this.#lowest()));
      this.#gated.set(transport, gate);
    }
    for (const [transport, restore] of this.#gated) {
      if (transports.has(transport)) continue;
      restore();
      this.#gated.delete(transport);
    }
    this.#dial.restart(this.#lowest());
  }

  #outlets() {
    const own = this.#numberOf(this.#own);
    // Until somebody turns it, it is as winston has it.
    const isHeld = own > this.#lowest() && !this.#dial.isTurned;
    return this.#logger.transports.map((transport) => {
      const outlet = outletOf(transport);
      outlet.level = transport.level ? this.#numberOf(transport.level) : isHeld ? own : 0;
      return outlet;
    });
  }

  #drops(level: unknown): boolean {
    const number = typeof level === "string" ? this.#levels.numberOf(level) : undefined;
    return number !== undefined && this.#dial.isOff(number);
  }

  /** All calls come by here, with the fields of the children by which they were made. */
  #write(write: Inside["write"], info: Info, rest: readonly unknown[]): unknown {
    if (this.#isAsking) {
      this.#caught = info;
      return true;
    }
    const logger = this.#logger, dial = this.#dial;
    this.#lookAtLevels();
    const level = info?.[LEVEL] ?? info?.level;
    const number = typeof level === "string" ? this.#levels.numberOf(level) : undefined;
    if (number === undefined) return write.call(logger, info, ...rest);
    // What ends the program is not the level's to keep back.
    if (info.exception === true || info.rejection === true) {
      return this.#hand(info, FOLLOWED, () => write.call(logger, info, ...rest));
    }
    if (dial.isOff(number)) return dropped(rest);
    const pass = (asked: Dial) =>
      this.#pass(asked, number, info, () => write.call(logger, info, ...rest));
    if (dial.isPlain(number)) return pass(this.#asked);
    const isAdmitted = dial.admits(number, info.message, info);
    // The call is read now, since formats may make another one of it.
    const told = dial.wants(number) ? readOr(undefined, () => toldOf(dial, info)) : undefined;
    try {
      return isAdmitted ? pass(dial) : dropped(rest);
    } finally {
      dial.passed(number, told?.msg, told?.fields, told?.error, this.#above);
    }
  }

  /** Hands an admitted call to the transports; `asked` knows what has let it pass. */
  #pass(asked: Dial, number: number, info: Info, write: () => unknown): unknown {
    const outlets = this.#isHeld(number) ? asked.open(number) : NOTHING;
    const opened = { outlets, isFollowed: this.#isFollowed(asked, number) };
    const outer = this.#isDropped;
    this.#isDropped = !this.#isTaken(number, opened);
    try {
      return this.#hand(info, opened, write);
    } finally {
      if (asked === this.#asked) this.#dial.wrote(number, !this.#isDropped);
      else if (this.#isDropped) asked.heldBack();
      // A transport may log by this logger.
      this.#isDropped = outer;
    }
  }

  /** Whether any transport takes an admitted record. */
  #isTaken(number: number, { outlets, isFollowed }: Opened): boolean {
    if (this.#logger.silent) return false;
    return this.#logger.transports.some((transport) => {
      // Other streams take all that they are given.
      if (!this.#gated.has(transport)) return true;
      const outlet = outletOf(transport), { level } = transport;
      if (outlet.silence !== undefined) return false;
      const isOwn = level ? number >= this.#numberOf(level) : isFollowed;
      return isOwn || outlets.includes(outlet);
    });
  }

  #hand(info: Info, opened: Opened, write: () => unknown): unknown {
    forgetOpened(info);
    const result = writeOpened(opened, write);
    if (this.#logger.writableLength !== 0) keepOpened(info, opened);
    return result;
  }

  /** Whether transports without a level of their own take an admitted record. */
  #isFollowed(asked: Dial, number: number): boolean {
    if (number >= this.#numberOf(this.#own)) return true;
    const dial = this.#dial;
    return (dial.isTurned || number < dial.level) && asked.pays(number);
  }

  /** Whether the own level of a transport holds a level back. */
  #isHeld(number: number): boolean {
    for (const { level } of this.#gated.keys()) {
      if (level && number < this.#numberOf(level)) return true;
    }
    return false;
  }

  #isLevelEnabled(logger: Inside, level: string): boolean {
    this.#lookAtLevels();
    const number = this.#levels.numberOf(level);
    if (number === undefined || this.#dial.isOff(number)) return false;
    const dial = logger === this.#logger ? this.#asked : this.#dial.with(this.#boundFields(logger));
    // Without transports winston asks its own level alone.
    const outlets = this.#outlets();
    return outlets.length === 0 ? dial.isEnabled(number) : wouldComeOut(dial, outlets, number);
  }

  /**
   * The fields that a child gives its calls: it keeps them to itself, until it writes. Where reading
   * them throws, there are none: winston looks at no field to say whether a level is enabled.
   */
  #boundFields(child: Inside): Info {
    const outer = this.#isAsking;
    this.#isAsking = true;
    this.#caught = undefined;
    try {
      readOr(undefined, () => child.write({}));
      return this.#caught ?? {};
    } finally {
      this.#isAsking = outer;
    }
  }
}

/** What a stream answers to what it takes; who waits for a line to be done need not wait. */
function dropped(rest: readonly unknown[]): true {
  const done = rest.at(-1);
  if (typeof done === "function") queueMicrotask(() => done());
  return true;
}
