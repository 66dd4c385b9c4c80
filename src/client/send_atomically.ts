import { extensionsIn } from "../config/text/extensions.ts";
import { commandText, type Delivery, request, whoIs } from "./request.ts";
import type { SendOptions } from "./send_options.ts";
import type { Target } from "./targets.ts";

/**
 * Sends a configuration in two rounds: all threads build it and hold it ready, and only if
 * all could, all put it in force; else none does. `whyUnable` tells what one cannot do at all.
 */
export async function sendAtomically(
  textFor: (target: Target) => string,
  targets: readonly Target[],
  options: SendOptions,
  whyUnable: (target: Target) => string | undefined,
  /** A port that is meant and takes no more questions. */
  busy: number | undefined,
): Promise<Delivery[]> {
  const transaction = crypto.randomUUID();
  const ask = async (
    command: string,
    moreFor: (target: Target) => object = () => ({}),
    wait = 0,
  ) => {
    const answers = await Promise.all(targets.map((target) => {
      const said = { command, transaction, ...moreFor(target) };
      return request(target, commandText(said, target, options), options, wait);
    }));
    return answers.flat();
  };
  const silent = targets.find(({ status }) => status === undefined)?.port ?? busy;
  if (silent !== undefined) {
    return targets.map(({ port, status }) => ({
      port,
      ...whoIs(status),
      outcome: "rejected",
      error: {
        message: `Not sent: port ${silent} does not answer, so all or nothing cannot be kept`,
      },
    }));
  }
  if (targets.some((target) => whyUnable(target) !== undefined)) {
    return targets.map((target) => ({
      port: target.port,
      ...whoIs(target.status),
      outcome: "rejected",
      error: { message: whyUnable(target) ?? OTHERS_COULD_NOT },
    }));
  }
  const prepared = await ask("prepare", (target) => preparation(textFor(target)), options.wait);
  if (prepared.every(({ outcome }) => outcome === "applied")) {
    const caps = new Map(prepared.map((one) => [placeOf(one), one.cappedAt]));
    return (await ask("commit")).map((one) => ({ ...one, cappedAt: caps.get(placeOf(one)) }));
  }
  await ask("abort");
  return prepared.map((one) =>
    one.outcome === "applied"
      ? { ...one, outcome: "rejected", error: { message: OTHERS_COULD_NOT } }
      : one.outcome === "pending"
      ? {
        ...one,
        outcome: "rejected",
        error: { message: "Not applied: the thread did not answer in time, it computes" },
      }
      : one
  );
}

const OTHERS_COULD_NOT = "Not applied: another thread could not";

/** Threads without a port of their own have the same, and other names. */
function placeOf({ port, via, name }: Delivery): string {
  return `${via ?? port} ${port} ${name}`;
}

/** What the configuration says to logdial is said beside it too: older listeners look there. */
function preparation(config: string): object {
  const { disabled: _, ...said } = extensionsIn(config);
  return { ...said, config };
}
