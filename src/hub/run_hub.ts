import { BroadcastChannel } from "node:worker_threads";
import { type AttachRequest, HEARTBEAT_MS, Hub, type LeaveRequest } from "./hub.ts";
import { tryLock } from "./locks.ts";
import { ATTACH_CHANNEL, HUB_LOCK } from "./start_hub.ts";

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
