import type { Rates, ThreadRates, WebThread } from "../live/web_thread.ts";

/** Seconds that are shown. */
export const SHOWN = 90;

/** Levels as they are counted, the worst one first. */
export const COUNTED = ["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"] as const;

/** What threads have written in the last seconds. */
export class RateHistory {
  readonly #now = new Map<string, ThreadRates>();
  readonly #past = new Map<string, Rates[]>();

  /** Takes in what is told. */
  take(rates: readonly ThreadRates[]): void {
    for (const one of rates) this.#now.set(one.key, one);
  }

  /** A second has passed. */
  tick(threads: readonly WebThread[]): void {
    const keys = new Set(threads.map(({ key }) => key));
    for (const key of this.#now.keys()) if (!keys.has(key)) this.#now.delete(key);
    for (const key of this.#past.keys()) if (!keys.has(key)) this.#past.delete(key);
    for (const key of keys) {
      const past = this.#past.get(key) ?? [];
      past.push(this.#now.get(key)?.now ?? {});
      if (past.length > SHOWN) past.shift();
      this.#past.set(key, past);
    }
  }

  /** What some threads write together now. */
  now(threads: readonly WebThread[]): Rates {
    return sum(threads.map(({ key }) => this.#now.get(key)?.now ?? {}));
  }

  /** What one logger of some threads writes. */
  ofLogger(name: string, threads: readonly WebThread[]): Rates {
    return sum(threads.map(({ key }) => {
      const loggers = this.#now.get(key)?.loggers ?? {};
      return Object.hasOwn(loggers, name) ? loggers[name]! : {};
    }));
  }

  /** What some threads have written together, by second, the last one now. */
  past(threads: readonly WebThread[]): Rates[] {
    const all = threads.map(({ key }) => this.#past.get(key) ?? []);
    const length = Math.max(0, ...all.map((one) => one.length));
    return Array.from(
      { length },
      (_, at) => sum(all.map((one) => one[one.length - length + at] ?? {})),
    );
  }
}

/** All levels together. */
export function total(rates: Rates): number {
  return Object.values(rates).reduce((sum, rate) => sum + rate, 0);
}

/** A rate as people read it. */
export function rateText(rate: number): string {
  if (rate === 0) return "0";
  if (rate < 10) return String(Math.round(rate * 10) / 10);
  return rate < 10_000 ? String(Math.round(rate)) : `${Math.round(rate / 1000)}k`;
}

function sum(all: readonly Rates[]): Rates {
  const found: Record<string, number> = {};
  for (const rates of all) {
    for (const [level, rate] of Object.entries(rates)) found[level] = (found[level] ?? 0) + rate;
  }
  return found;
}
