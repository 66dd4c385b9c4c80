import { withExtensions } from "../config/extensions.ts";
import { sendAtomically } from "./atomic.ts";
import { type Delivery, request } from "./request.ts";
import { forEachTarget, type Outcomes, selectTargets, type Targets } from "./targets.ts";

/** Options of {@linkcode send}. */
export interface SendOptions extends Targets {
  /** What the listeners call the configuration in `status` and their audit. */
  label?: string;
  /** After how long it is taken back, such as `10m`; the listener may cap it. @default never */
  for?: string;
  /** Whether to go beyond what the listener's policy would cap; false to ask for the cap. @default none */
  forever?: boolean;
  /** Whether all threads must take it, or none does. @default false */
  atomic?: boolean;
  /** Longest wait for threads that compute, in milliseconds. @default 0 */
  wait?: number;
}

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
  const payload = withExtensions(text, extensionsOf(options));
  const { done, skipped } = options.atomic
    ? await sendToAllOrNone(payload, options)
    : await forEachTarget(options, (target) => request(target, payload, options, options.wait));
  const rest = skipped.map(({ port, reason }): Delivery => ({
    port,
    outcome: "skipped",
    error: { message: `Not a logging server: ${reason}` },
  }));
  return [...done, ...rest].sort((a, b) => a.port - b.port);
}

async function sendToAllOrNone(
  payload: string,
  options: SendOptions,
): Promise<Outcomes<Delivery>> {
  const { targets, skipped } = await selectTargets(options);
  return { done: await sendAtomically(payload, targets, options), skipped };
}

function extensionsOf({ label, forever, wait, for: time }: SendOptions): Record<string, unknown> {
  return {
    label: label ?? "send",
    ...time === undefined ? {} : { expires: time },
    ...wait === undefined || wait === 0 ? {} : { wait: `${wait}ms` },
    ...forever === undefined ? {} : { forever },
  };
}
