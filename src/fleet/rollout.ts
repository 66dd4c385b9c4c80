import { hashText } from "../core/text/hash_text.ts";
import type { FleetPlace } from "./fleet_target.ts";

/** How a change spreads; all of this is stored, so that no operator has to stay. */
export interface Rollout {
  /** The part of the threads that have it in each step, such as 0.01; each larger than the last. */
  readonly steps: readonly number[];
  /** How long a step lasts, in milliseconds. */
  readonly every: number;
  /** Most lines a second of a process: lines thanks to the change if these are counted, else all. */
  readonly maxLines?: number;
  /** Most records at ERROR and above a second of a host. */
  readonly maxErrors?: number;
}

/** Why a rollout has stopped. */
export interface Halt {
  /** Id of the change. */
  readonly id: string;
  /** What the agent has seen. */
  readonly reason: string;
  /** The host on which it was seen. */
  readonly host: string;
}

/** The step that a rollout is in, from 0 on. */
export function stepAt({ steps, every }: Rollout, since: number, now: number): number {
  const step = Math.floor((now - since) / every);
  return Math.min(Math.max(step, 0), steps.length - 1);
}

/** When the next step begins; undefined in the last one. */
export function nextStepAt(rollout: Rollout, since: number, now: number): number | undefined {
  const step = stepAt(rollout, since, now);
  return step === rollout.steps.length - 1 ? undefined : since + (step + 1) * rollout.every;
}

/** Shortest time for which the last step is looked after: rates take several looks, a second apart. */
const LEAST_LAST_MS = 5000;

/** Whether a rollout can still be stopped: its last step is looked after like the others. */
export function isLookedAfter({ steps, every }: Rollout, since: number, now: number): boolean {
  return now < since + (steps.length - 1) * every + Math.max(every, LEAST_LAST_MS);
}

/**
 * Whether a thread has its turn in a step. That depends only on where the thread is: so all agents
 * and all starts of a program agree, and a later step only adds threads.
 */
export function isInStep(rollout: Rollout, step: number, place: FleetPlace): boolean {
  return positionOf(place) < rollout.steps[step]!;
}

/** The place of a thread between 0 and 1, in which steps come to it. */
export function positionOf({ host, app, thread }: FleetPlace): number {
  // The mixing keeps names that differ only in their last letter from being neighbours.
  let hash = hashText(JSON.stringify([host, app, thread]));
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return ((hash ^ hash >>> 16) >>> 0) / 2 ** 32;
}

/**
 * Reads steps such as `1%,10%,100%`.
 *
 * @throws {RangeError} Something else.
 */
export function parseSteps(text: string): number[] {
  const steps = text.split(",").map((part) => {
    const [, digits] = /^\s*(\d{1,3}(?:\.\d{1,4})?)%\s*$/.exec(part) ?? [];
    return Number(digits) / 100;
  });
  const isRising = steps.every((step, at) => step > (steps[at - 1] ?? 0) && step <= 1);
  if (isRising && steps.at(-1) === 1 && steps.length <= 20) return steps;
  throw new RangeError(
    `Cannot read steps "${text}": they must be like 1%,10%,100%, each more than the one before, ` +
      "the last one 100%, and 20 at most",
  );
}
