import { probe, scanDefaults } from "./scan.ts";
import type { Delivery } from "./request.ts";
import type { SendOptions } from "./send.ts";

/** Time between looks at a pending thread, in milliseconds. */
const LOOK_MS = 50;

/** Waits until pending threads have answered, or for as long as the options say. */
export async function waitForPending(
  deliveries: readonly Delivery[],
  options: SendOptions,
): Promise<Delivery[]> {
  const { hostname, timeout } = scanDefaults(options);
  const end = performance.now() + (options.wait ?? 0);
  return await Promise.all(deliveries.map(async (delivery) => {
    if (delivery.outcome !== "pending") return delivery;
    while (performance.now() < end) {
      const found = await probe(delivery.port, { hostname, timeout });
      if (found?.kind !== "logdial") break;
      const { pending, generation, levels } = found.status;
      if (pending === 0 && generation > (delivery.generation ?? 0)) {
        return { ...delivery, outcome: "applied", levels, generation };
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return delivery;
  }));
}
