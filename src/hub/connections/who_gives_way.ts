import { pause } from "../../core/runtime/pause.ts";
import type { Connection } from "./connection.ts";

/** How long a peer may take to ask until it is the first to give way, and until it may have to. */
const SLOW_MS = 1000, SOON_MS = 100;
/**
 * Longest wait of a new connection until others are done, in milliseconds, and how often it looks at
 * least: after a hub has been kept from its processor, all others may be about to be done.
 */
const ROOM_MS = 200, FEWEST_LOOKS = 10;
/**
 * How often a new connection looks until one gives way that seems to say nothing: after a hub has
 * been kept from its processor, what that one has said may be there and not be read yet.
 */
const LOOKS_AT_SILENT = 3;

/** How many new connections wait until others are done. */
let incoming = 0;

/**
 * Adds a connection to those that are served. If these are too many, one of them gives way, and
 * `evicted` is called with each that is turned away; else the new one waits until others are done.
 * Returns false if there is no room before long.
 */
export async function takeIn(
  connection: Connection,
  connections: Set<Connection>,
  most: number,
  evicted: (ended: Promise<void>) => void,
): Promise<boolean> {
  const end = performance.now() + ROOM_MS;
  for (let looks = 0; connections.size >= most; looks++) {
    const isOver = (performance.now() > end && looks >= FEWEST_LOOKS) || incoming >= most;
    const one = whoGivesWay(connections, isOver);
    if (one === undefined && isOver) return false;
    const isSeen = isOver || one?.isAnswered || looks >= LOOKS_AT_SILENT;
    if (one === undefined || one.hurry() || !isSeen) {
      incoming++;
      await pause(1);
      incoming--;
      continue;
    }
    connections.delete(one);
    evicted(one.evict());
  }
  // Others that come in this very moment must not take it for one that has said nothing for long.
  connection.since = performance.now();
  connections.add(connection);
  return true;
}

/**
 * The connection that gives way to a new one: one that has been answered. Else it is of the largest
 * group from one address to one port, so that whoever floods a port keeps nobody from another port.
 * Of that group it is the oldest that is slow in asking; else the oldest that has waited for a thread
 * for a moment; else the oldest that has not asked for a moment. Once it is urgent, a moment may have
 * any length.
 */
export function whoGivesWay(
  connections: Iterable<Connection>,
  isUrgent = false,
): Connection | undefined {
  const all = [...connections];
  const answered = all.find(({ isAnswered }) => isAnswered);
  if (answered !== undefined) return answered;
  const now = performance.now();
  const isSilent = (ms: number) => ({ busy, since }: Connection) => !busy && now - since > ms;
  const hasWaited = (ms: number) => (one: Connection) => one.isWaiting && now - one.since > ms;
  const groups = [...Map.groupBy(all, ({ way }) => way).values()];
  const crowd = Math.max(...groups.map(({ length }) => length)) / 2;
  for (const group of groups.sort((a, b) => b.length - a.length)) {
    if (group.length < crowd && !isUrgent) return undefined;
    const least = isUrgent ? 0 : SOON_MS;
    const one = group.find(isSilent(SLOW_MS)) ?? group.find(hasWaited(least)) ??
      group.find(isSilent(least));
    if (one !== undefined) return one;
  }
  return undefined;
}
