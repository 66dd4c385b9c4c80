/** Held by the hub of the process for as long as it lives. */
export const HUB_LOCK = "logdial.hub.2";
/**
 * The hub of the process also holds the lock of this name with the `threadId` of its host behind it.
 * Hubs that stand by wait for the end of that lock, which no other hub needs (see `holdLock`).
 */
export const ALIVE_LOCK = "logdial.alive.2 ";
/** Held by the hub that writes out rings. */
export const WRITEOUT_LOCK = "logdial.writeout.2";
/** Held by the hub that stands by. */
export const STANDBY_LOCK = "logdial.standby.2";
/** Held by the threads that search a hub after the end of one, and that do not compute. */
export const SEARCH_LOCK = "logdial.search.2";
/** A hub that comes up while another one has the hub's lock holds one that begins so; see `coming_hub.ts`. */
export const COMING_LOCK = "logdial.coming.2 ";
