import { withExtensions } from "../config/text/extensions.ts";
import { sendAtomically } from "./atomic.ts";
import { byPort, type Delivery, notAServer, request } from "./request.ts";
import type { SendOptions } from "./send_options.ts";
import { aimOf, forEachTarget, type Outcomes, selectTargets, type Target } from "./targets.ts";

/**
 * Sends a configuration to all threads that are meant, all at once; ports where nobody
 * listens are left out of the answer.
 *
 * Each port is asked first who is there, so that a foreign service gets no payload.
 *
 * @throws {Error} A target that nobody is, a host that cannot be reached, or a text that is
 * not a configuration.
 *
 * @example
 * ```ts
 * import { send } from "@logdial/logging/client";
 *
 * const text = await Deno.readTextFile("debug.conf");
 * for (const { name, outcome } of await send(text, { for: "10m" })) console.log(name, outcome);
 * ```
 */
export async function send(text: string, options: SendOptions = {}): Promise<Delivery[]> {
  const id = crypto.randomUUID();
  const payloadFor = (target: Target) => {
    return withExtensions(text, { ...extensionsOf(options), id, to: aimOf(options, target) });
  };
  // Errors in it are told whoever listens.
  withExtensions(text, extensionsOf(options));
  const { done, skipped } = options.atomic
    ? await sendToAllOrNone(withExtensions(text, extensionsOf(options)), options)
    : await forEachTarget(options, (target) => {
      return request(target, payloadFor(target), options, options.wait);
    });
  return [...done.flat(), ...skipped.map(notAServer)].sort(byPort);
}

async function sendToAllOrNone(
  payload: string,
  options: SendOptions,
): Promise<Outcomes<Delivery[]>> {
  const { targets, skipped } = await selectTargets(options);
  return { done: [await sendAtomically(payload, targets, options)], skipped };
}

function extensionsOf({ label, forever, wait, for: time }: SendOptions): Record<string, unknown> {
  return {
    label: label ?? "send",
    ...time === undefined ? {} : { expires: time },
    ...wait === undefined || wait === 0 ? {} : { wait: `${wait}ms` },
    ...forever === undefined ? {} : { forever },
  };
}
