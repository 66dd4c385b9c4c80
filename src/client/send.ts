import { parseConfigText } from "../config/text/config_text.ts";
import { EXTENSIONS, readExtensions, withExtensions } from "../config/text/extensions.ts";
import { isOtelConfig } from "../config/otel/read_otel_config.ts";
import { checkOptions } from "../core/errors/check_options.ts";
import { sendAtomically } from "./send_atomically.ts";
import { byPort, type Delivery, notAServer, request } from "./request.ts";
import { SEND_RULES, type SendOptions } from "./send_options.ts";
import { aimOf, forEachTarget, type Outcomes, selectTargets, type Target } from "./targets.ts";

/**
 * Sends a configuration to all threads that are meant, all at once; ports where nobody
 * listens are left out of the answer.
 *
 * Each port is asked first who is there, so that a foreign service gets no payload. What is
 * to be taken back is not sent to CPython's listeners, which cannot.
 *
 * @throws {Error} A target that nobody is, a host that cannot be reached, or a text that is
 * not a configuration.
 * @throws {TypeError} An unknown option, or one of another type.
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
  checkOptions("send", options, SEND_RULES);
  return await deliver(text, options);
}

/** {@linkcode send}, with options that are checked. */
export async function deliver(text: string, options: SendOptions): Promise<Delivery[]> {
  const shared = extensionsOf(options);
  const payloadFor = (target: Target) => {
    const said = { ...shared, to: aimOf(options, target) };
    // An older listener knows no such command, and so cannot turn on for all what is for some;
    // all or nothing asks each before what it can.
    return isScope && !options.atomic
      ? JSON.stringify({ [EXTENSIONS]: { command: "scope", config: text, ...said } })
      : withExtensions(text, said);
  };
  // Read first, so that its errors are told even if nobody listens. It may name its own end, by
  // `expires`.
  const parsed = parseConfigText(withExtensions(text, shared));
  const { expires, lines, record, where, sample, match } = readExtensions(parsed);
  const isScope = (where ?? sample ?? match) !== undefined;
  const isOfLevels = parsed.kind === "dict" && "incremental" in parsed.dict;
  const isOtel = parsed.kind === "dict" && isOtelConfig(parsed.dict);
  const deliverTo = async (target: Target): Promise<Delivery[]> => {
    const { port, status } = target;
    if (status === undefined && lines !== undefined) {
      return [cannot(port, "CPython's listener cannot take a change back after so many lines")];
    }
    if (status === undefined && expires !== undefined) {
      return [cannot(port, "CPython's listener cannot take a change back after a time")];
    }
    if (status === undefined && record !== undefined && isOfLevels) {
      return [cannot(port, "CPython's listener keeps no records in memory")];
    }
    if (status === undefined && isOtel) {
      return [cannot(port, "CPython's listener cannot read OpenTelemetry's configuration")];
    }
    if (isScope && !canScope(target)) return [cannot(port, CANNOT_SCOPE)];
    const deliveries = await request(target, payloadFor(target), options, options.wait);
    return deliveries.map((one) =>
      status === undefined && isOfLevels && one.outcome === "unconfirmed"
        ? { ...one, note: "stays until set again; its handlers may hold lines back" }
        : one
    );
  };
  const { done, skipped } = options.atomic
    ? await sendToAllOrNone(payloadFor, options, isScope)
    : await forEachTarget(options, deliverTo);
  return [...done.flat(), ...skipped.map(notAServer)].sort(byPort);
}

/** What to say of a listener that is meant, but cannot do what was asked. */
function cannot(port: number, message: string): Delivery {
  return { port, kind: "silent", outcome: "skipped", unable: true, error: { message } };
}

const CANNOT_SCOPE = "It cannot turn levels for some log calls only";

function canScope({ status }: Target): boolean {
  return status?.can?.includes("scope") === true;
}

async function sendToAllOrNone(
  payloadFor: (target: Target) => string,
  options: SendOptions,
  isScope: boolean,
): Promise<Outcomes<Delivery[]>> {
  const { targets, skipped } = await selectTargets(options);
  const isUnable = (target: Target) => isScope && !canScope(target) ? CANNOT_SCOPE : undefined;
  return { done: [await sendAtomically(payloadFor, targets, options, isUnable)], skipped };
}

function extensionsOf(options: SendOptions): Record<string, unknown> {
  const { label, by, reason, forever, wait, lines, for: time } = options;
  return {
    label: label ?? "send",
    ...by === undefined ? {} : { by },
    ...reason === undefined ? {} : { reason },
    // The id is the same for all threads, and new with each call: the same text sent again is
    // another change.
    id: crypto.randomUUID(),
    ...time === undefined ? {} : { expires: time },
    ...lines === undefined ? {} : { lines },
    ...wait === undefined || wait === 0 ? {} : { wait: `${wait}ms` },
    ...forever === undefined ? {} : { forever },
  };
}
