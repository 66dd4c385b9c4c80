/** Names of OpenTelemetry's severities, each of which has four numbers, from 1 on. */
export const SEVERITY_WORDS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
/** The level at which each of these begins; levels below DEBUG are `trace`. */
const LEVELS = [5, 10, 20, 30, 40, 50] as const;
/** How many numbers each of these has. */
const STEPS = 4;

/**
 * OpenTelemetry's severity number of a level: DEBUG is 5, CRITICAL is 21, and 0 is that of no
 * level. Levels between two named ones take the first numbers that are free: 15 is `DEBUG4`.
 */
export function severityNumber(level: number): number {
  // A record factory of the program's own may have put anything there.
  if (typeof level !== "number" || !(level > 0)) return 0;
  const at = Math.max(0, LEVELS.findLastIndex((first) => level >= first));
  const beyond = Math.floor(Math.max(0, level - LEVELS[at]!));
  return at * STEPS + 1 + Math.min(STEPS - 1, beyond);
}

/** The lowest level of a severity's name, such as `debug` or `info2`; undefined for no name. */
export function severityLevel(name: string): number | undefined {
  const [, word, step = "1"] = /^([a-z]+)([2-4])?$/.exec(name) ?? [];
  const at = SEVERITY_WORDS.findIndex((one) => one === word);
  if (at < 0) return undefined;
  // Whatever lies below DEBUG is `trace`.
  if (at === 0 && step === "1") return 1;
  return LEVELS[at]! + Number(step) - 1;
}

/** The name of a level's severity, such as `info2`; `fatal4` for all higher levels. */
export function severityName(level: number): string {
  const number = Math.max(1, severityNumber(level)) - 1;
  const step = number % STEPS;
  return `${SEVERITY_WORDS[Math.floor(number / STEPS)]!}${step === 0 ? "" : step + 1}`;
}
