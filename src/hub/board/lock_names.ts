/** Held by the hub of the process for as long as it lives. */
export const HUB_LOCK = "logdial.hub.2";
/** Held by the hub of the process, too: it tells which thread has started that hub. */
export function hubLockOf(threadId: string): string {
  return `${HUB_LOCK} of ${threadId}`;
}
/** Held by the hub that writes out rings. */
export const WRITEOUT_LOCK = "logdial.writeout.2";
/** Held by the hub that stands by. */
export const STANDBY_LOCK = "logdial.standby.2";
/** Held by the threads that search a hub after the end of one, and that do not compute. */
export const SEARCH_LOCK = "logdial.search.2";
