import { ConfigError } from "../../core/errors/config_error.ts";

/** How many changes can be taken back. */
const MAX_KEPT = 16;
/** Most overrides in force at once; they cannot be forgotten as other changes are. */
const MAX_OVERRIDES = 64;

/**
 * Makes sure that another change can be kept beside so many in force.
 *
 * @throws {ConfigError} There are too many that end by themselves.
 */
export function requireRoom(inForce: number): void {
  if (inForce < MAX_OVERRIDES) return;
  throw new ConfigError(
    `Cannot apply: ${MAX_OVERRIDES} changes on top of an override are in force; wait for the ` +
      "end of some, or take them back by rollback or reset",
  );
}

/**
 * How many of the oldest changes cannot be taken back any more. A thread and the hub forget by the
 * same rule, so that they agree on what a rollback can reach. A change that will end by itself is not
 * forgotten, nor are those that came after it.
 */
export function countForgotten(changes: readonly { readonly expiresAt?: number }[]): number {
  let forgotten = 0;
  while (
    changes.length - forgotten > MAX_KEPT && changes[forgotten]!.expiresAt === undefined
  ) forgotten++;
  return forgotten;
}

/** Whether a change ends by itself. */
export function isOverride({ expiresAt }: { readonly expiresAt?: number }): boolean {
  return expiresAt !== undefined;
}

/**
 * Whether a watched file's configuration ends a change: it does if the change was there before and is
 * to stay. A thread and the hub go by the same rule, whatever comes to them first.
 */
export function isEndedByFile(
  change: { readonly seq: number; readonly expiresAt?: number },
  file: { readonly seq: number },
): boolean {
  return change.seq < file.seq && change.expiresAt === undefined;
}
