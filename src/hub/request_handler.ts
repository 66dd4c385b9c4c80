import type { RequestHandler } from "./server/connection.ts";
import type { Gate } from "./server/gate.ts";
import type { ServedThread } from "./server/served_thread.ts";

/** Leads what connections ask through the gate to the thread. */
export function requestHandler(thread: ServedThread, gate: Gate): RequestHandler {
  return {
    options: thread.options,
    tails: thread.tails,
    request: async (payload, by) => {
      const answer = await thread.request(await gate.check(payload, by), by);
      return "kind" in answer ? answer : answer.ack;
    },
    refuse: (error) => thread.refuse(error),
    status: (isQuick) => thread.status(isQuick),
  };
}
