import { BroadcastChannel } from "node:worker_threads";
import { ATTACH_CHANNEL, type AttachRequest, HEARTBEAT_MS, Hub, type LeaveRequest } from "./hub.ts";
import { tryLock } from "./locks.ts";

/** Held by the hub of the process for as long as it lives. */
const HUB_LOCK = "logdial.hub.1";

/**
 * Where the hub thread finds this module. Who starts the hub imports it from here, so that
 * the program's own loading has fetched everything: the thread that starts the hub blocks
 * until it is served, and while main blocks, no thread can fetch a module from the network.
 */
export const HUB_URL: string = import.meta.url;

/** Runs the hub of the process in the calling thread, unless there is one already. */
export async function runHub(): Promise<void> {
  await tryLock(HUB_LOCK, () => {
    serve();
    // The lock is held until the thread ends.
    return new Promise<never>(() => {});
  });
}

function serve(): void {
  const hub = new Hub();
  const channel = new BroadcastChannel(ATTACH_CHANNEL);
  channel.onmessage = (event: unknown) => {
    const { data } = event as { data: AttachRequest | LeaveRequest };
    if ("leave" in data) hub.detach(data.leave);
    else hub.attach(data);
  };
  setInterval(() => hub.beat(), HEARTBEAT_MS);
}
