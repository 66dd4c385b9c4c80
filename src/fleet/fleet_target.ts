import { fitsPattern } from "../core/text/fits_pattern.ts";

/** The threads that a change is for; in each part `*` stands for any text; a part left out means all. */
export interface FleetTarget {
  /** Name of the program. */
  readonly app?: string;
  /** Name of the host. */
  readonly host?: string;
  /** Name of the thread. */
  readonly thread?: string;
}

/** Where a thread of the fleet is. */
export interface FleetPlace {
  /** Name of its host, as the agent says it. */
  readonly host: string;
  /** Name of its program. */
  readonly app: string;
  /** Name of the thread. */
  readonly thread: string;
}

/** Whether a thread is meant. */
export function isMeantBy(target: FleetTarget, { host, app, thread }: FleetPlace): boolean {
  return fits(host, target.host) && fits(app, target.app) && fits(thread, target.thread);
}

/**
 * How exactly a target names its threads, as a number for comparison: the thread counts most, then the
 * host, then the program, and in each part a name counts more than a pattern.
 */
export function specificity({ app, host, thread }: FleetTarget): number {
  return exactness(thread) * 9 + exactness(host) * 3 + exactness(app);
}

/** A target for people, as `app shop, host web-*`. */
export function targetText({ app, host, thread }: FleetTarget): string {
  const parts = [["app", app], ["host", host], ["thread", thread]]
    .flatMap(([what, name]) => name === undefined ? [] : [`${what} ${name}`]);
  return parts.length === 0 ? "all" : parts.join(", ");
}

/** Whether a part of a target stands for several names. */
export function isPattern(part: string): boolean {
  return part.includes("*");
}

function fits(name: string, pattern: string | undefined): boolean {
  return pattern === undefined || fitsPattern(name, pattern);
}

function exactness(part: string | undefined): number {
  if (part === undefined) return 0;
  return isPattern(part) ? 1 : 2;
}
