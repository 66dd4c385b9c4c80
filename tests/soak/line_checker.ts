import { ROUND_LEVELS, SOAK_LOGGER, type Tally } from "./soak_task.ts";
import type { Violations } from "./violations.ts";

/** Longest that lines of a round may come apart, in milliseconds of their own time. */
const SPREAD_MS = 15_000;
/** The level that every configuration lets out. */
const LAST_LEVEL = ROUND_LEVELS.length - 1;

const LINE = /^T(\d+)\|([\w.]+)\|([\w.]+)\|([A-Z]+)\|(\d+\.\d+)\|(.*)\|T(\d+)$/s;
const ROUND = /^(\d+) (\d+) (\d+) (x*)$/;

/** What is to be seen of a thread in a stretch of time, in milliseconds since the epoch. */
interface Window {
  readonly from: number;
  to: number;
  /** What its lines begin and end with; undefined if that is unknown. */
  readonly tag: number | undefined;
  /** The lowest level that comes out. */
  readonly level: string;
}

/** The lines of a round as they come. */
interface Round {
  readonly begin: number;
  /** A bit for each level. */
  levels: number;
  last: number;
  /** The tag of all lines, undefined if they differ. */
  tag: number | undefined;
}

/** What is kept of a thread. */
interface Thread {
  readonly rounds: Map<number, Round>;
  /** Number of the oldest round that is not checked yet. */
  next: number;
  newest: number;
  windows: Window[];
}

/** Counts and checks lines, and forgets them. */
export class LineChecker {
  /** Whole lines of rounds. */
  lines = 0;
  /** Lines in which changes are told. */
  audits = 0;
  /** Rounds that were checked, and those of them that were in a known state. */
  checked = 0;
  compared = 0;
  readonly #threads = new Map<string, Thread>();
  readonly #violations: Violations;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** Takes some output of the program. */
  take(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#takeLine(line);
  }

  /** From now on, and until `to`, the thread is known to be in that state. */
  expect(thread: string, level: string, tag: number | undefined, to = Infinity): void {
    const { windows } = this.#thread(thread);
    const now = Date.now();
    const open = windows.at(-1);
    if (open !== undefined) open.to = Math.min(open.to, now);
    windows.push({ from: now, to, tag, level });
  }

  /** From now on nothing is known, of one thread or of all. */
  expectNothing(thread?: string): void {
    const now = Date.now();
    const threads = thread === undefined ? this.#threads.values() : [this.#thread(thread)];
    for (const { windows } of threads) {
      const open = windows.at(-1);
      if (open !== undefined) open.to = Math.min(open.to, now);
    }
  }

  /** The output has ended: nothing may be missing. */
  finish(tallies: readonly Tally[]): void {
    if (this.#rest !== "") this.#violations.add(`Torn at the end: ${this.#rest}`);
    for (const { thread, begun, done } of tallies) {
      const own = this.#thread(thread);
      this.#retire(thread, own, Infinity);
      if (own.next >= done && own.next <= begun) continue;
      this.#violations.add(`${thread} has logged ${done} to ${begun} rounds, ${own.next} came out`);
    }
    const known = new Set(tallies.map(({ thread }) => thread));
    for (const thread of this.#threads.keys()) {
      if (!known.has(thread)) this.#violations.add(`Lines of ${thread}, which is not known`);
    }
  }

  #thread(name: string): Thread {
    let thread = this.#threads.get(name);
    if (thread === undefined) {
      thread = { rounds: new Map(), next: 0, newest: 0, windows: [] };
      this.#threads.set(name, thread);
    }
    return thread;
  }

  #takeLine(line: string): void {
    const [, tag, thread, logger, level, created, message, sameTag] = LINE.exec(line) ?? [];
    if (thread === undefined) return this.#violations.add(`Torn: ${line}`);
    if (tag !== sameTag) return this.#violations.add(`Two configurations in a line: ${line}`);
    if (logger === "logdial") return void this.audits++;
    const [, round, begin, width, padding] = ROUND.exec(message!) ?? [];
    if (padding === undefined || padding.length !== Number(width) || logger !== SOAK_LOGGER) {
      return this.#violations.add(`Torn: ${line}`);
    }
    this.lines++;
    const own = this.#thread(thread);
    const bit = 1 << ROUND_LEVELS.indexOf(level as typeof ROUND_LEVELS[number]);
    const number = Number(round), time = Math.round(Number(created) * 1000);
    const known = own.rounds.get(number);
    if (number < own.next || (known !== undefined && (known.levels & bit) !== 0)) {
      return this.#violations.add(`Doubled: ${line}`);
    }
    if (known === undefined) {
      own.rounds.set(number, {
        begin: Number(begin),
        levels: bit,
        last: time,
        tag: Number(tag),
      });
    } else {
      known.levels |= bit;
      known.last = Math.max(known.last, time);
      if (known.tag !== Number(tag)) known.tag = undefined;
    }
    if (time > own.newest) {
      own.newest = time;
      this.#retire(thread, own, time - SPREAD_MS);
    }
  }

  /** Checks rounds of which no line can come any more. */
  #retire(name: string, thread: Thread, before: number): void {
    for (;;) {
      const round = thread.rounds.get(thread.next);
      if (round === undefined) {
        if (!this.#isGap(thread, before)) return;
        this.#violations.add(`Lost: round ${thread.next} of ${name}`);
      } else {
        if (round.last >= before) return;
        this.#check(name, thread, round);
        thread.rounds.delete(thread.next);
      }
      thread.next++;
    }
  }

  /** Whether rounds after the next one are out for so long that it will not come. */
  #isGap(thread: Thread, before: number): boolean {
    const [first] = thread.rounds.values();
    return first !== undefined && first.last < before;
  }

  #check(name: string, thread: Thread, round: Round): void {
    this.checked++;
    const what = `round ${thread.next} of ${name}`;
    if ((round.levels & (1 << LAST_LEVEL)) === 0) this.#violations.add(`Lost: last of ${what}`);
    while (thread.windows.length > 0 && thread.windows[0]!.to <= round.begin) {
      thread.windows.shift();
    }
    const window = thread.windows[0];
    if (window === undefined || round.begin <= window.from || round.last >= window.to) return;
    this.compared++;
    const lowest = ROUND_LEVELS.indexOf(window.level as typeof ROUND_LEVELS[number]);
    const wanted = (2 << LAST_LEVEL) - (1 << lowest);
    const wrong = round.levels !== wanted
      ? `came out at ${levelsIn(round.levels)}, not from ${window.level}`
      : window.tag !== undefined && round.tag !== window.tag
      ? `by T${round.tag}, not T${window.tag}`
      : undefined;
    if (wrong === undefined) return;
    const since = round.begin - window.from, left = window.to - round.last;
    this.#violations.add(
      `Not as acknowledged: ${what} ${wrong}; known for ${since} ms then, and for ${left} ms more`,
    );
  }
}

function levelsIn(bits: number): string {
  return ROUND_LEVELS.filter((_, index) => (bits & (1 << index)) !== 0).join(" ");
}
