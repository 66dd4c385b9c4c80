import { threadsOf } from "../../src/client/targets.ts";
import { scan } from "../../src/client/ports/scan.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import type { PortBlock } from "./port_block.ts";

/** The threads that answer on the ports, by name. */
export async function listThreads(ports: PortBlock): Promise<Map<string, ThreadStatus>> {
  const found = await scan({ ports: ports.range });
  const statuses = found.flatMap((one) => one.kind === "logdial" ? threadsOf(one.status) : []);
  return new Map(statuses.map((status) => [status.name, status]));
}
