import type { LoggerInfo } from "../../wire/logger_info.ts";
import type { ThreadStatus } from "../../wire/message.ts";
import type { ThreadRecords } from "../../wire/written.ts";
import type { Rates, ThreadRates } from "./web_thread.ts";

/** Shortest time between two counts that tells a rate, in milliseconds. */
const LEAST_MS = 200;

/** The counts that a thread has told. */
interface Told {
  readonly key: string;
  readonly status: ThreadStatus;
  readonly loggers: readonly LoggerInfo[];
}

/** Makes rates of counts: how many records threads have written since the last question. */
export class RateMeter {
  #before = new Map<string, ThreadRecords>();
  #rates = new Map<string, ThreadRates>();

  /** The present rates. */
  get rates(): readonly ThreadRates[] {
    return [...this.#rates.values()];
  }

  /** Takes the counts of all threads; those that are missing have ended. */
  take(told: readonly Told[]): void {
    const before = this.#before, rates = this.#rates;
    this.#before = new Map();
    this.#rates = new Map();
    for (const { key, status: { written }, loggers } of told) {
      if (written === undefined) continue;
      const last = before.get(key);
      const ms = last === undefined ? 0 : Date.parse(written.at) - Date.parse(last.at);
      const isEarly = last !== undefined && ms < LEAST_MS;
      this.#before.set(key, isEarly ? last : written);
      const now = last === undefined
        ? roundAll(Object.entries(written.perSecond))
        : isEarly
        ? rates.get(key)?.now ?? {}
        : rateOf(last, written, ms);
      this.#rates.set(key, { key, now, loggers: ratesOf(loggers) });
    }
  }
}

function rateOf(last: ThreadRecords, now: ThreadRecords, ms: number): Rates {
  return roundAll(
    Object.entries(now.total).map(([level, total]) => [
      level,
      Math.max(0, total - (last.total[level] ?? 0)) * 1000 / ms,
    ]),
  );
}

function ratesOf(loggers: readonly LoggerInfo[]): Record<string, Rates> {
  return Object.fromEntries(loggers.flatMap(({ name, written }) => {
    const rates = roundAll(Object.entries(written?.perSecond ?? {}));
    return Object.keys(rates).length === 0 ? [] : [[name, rates]];
  }));
}

/** Rounds rates as they are shown, so that fewer changes have to be told. */
function roundAll(rates: readonly (readonly [level: string, rate: number])[]): Rates {
  return Object.fromEntries(
    rates.map(([level, rate]) => [level, rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)])
      .filter(([, rate]) => rate !== 0),
  );
}
