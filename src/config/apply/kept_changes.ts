/** Changes that can be taken back. */
const MAX_KEPT = 16;

/**
 * How many of the oldest changes cannot be taken back any more: a thread and the hub forget by
 * the same rule, so that they agree on what a rollback can reach. One that will end by itself
 * is not forgotten, nor what came after it.
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
 * Whether a change is over by what a watched file says: one that was there before and is to stay. A
 * thread and the hub go by the same rule, whatever comes to them first.
 */
export function isEndedByFile(
  change: { readonly seq: number; readonly expiresAt?: number },
  file: { readonly seq: number },
): boolean {
  return change.seq < file.seq && change.expiresAt === undefined;
}
