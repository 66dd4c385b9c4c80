import { scan } from "../../src/client/scan.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { eventually } from "./deadline.ts";
import type { PortBlock } from "./port_block.ts";

/** The threads that answer on the ports, by name. */
export async function listThreads(ports: PortBlock): Promise<Map<string, ThreadStatus>> {
  const found = await scan({ ports: ports.all });
  const statuses = found.flatMap((one) => one.kind === "logdial" ? [one.status] : []);
  return new Map(statuses.map((status) => [status.name, status]));
}

/** Waits until exactly these threads answer. */
export async function untilThreads(
  ports: PortBlock,
  names: readonly string[],
): Promise<Map<string, ThreadStatus>> {
  const wanted = [...names].sort().join();
  return await eventually(`threads ${wanted} on ${ports.text}`, async () => {
    const threads = await listThreads(ports);
    return [...threads.keys()].sort().join() === wanted ? threads : undefined;
  });
}

/** The port of a thread that answers. */
export async function portOf(ports: PortBlock, name: string): Promise<number> {
  return await eventually(
    `thread ${name} on ${ports.text}`,
    async () => (await listThreads(ports)).get(name)?.port,
  );
}
