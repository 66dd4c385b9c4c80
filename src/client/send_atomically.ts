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
    const message = `Not sent: port ${silent} does not answer, so all or nothing cannot be kept`;
    return targets.map((target) => notSent(target, message));
  }
  if (targets.some((target) => whyUnable(target) !== undefined)) {
    return targets.map((target) => notSent(target, whyUnable(target) ?? OTHERS_COULD_NOT));
  }
  const prepared = await ask("prepare", (target) => preparation(textFor(target)), options.wait);
  if (prepared.every(({ outcome }) => outcome === "applied")) {
    const caps = new Map(prepared.map((one) => [placeOf(one), one.cappedAt]));
    return (await ask("commit")).map((one) => ({ ...one, cappedAt: caps.get(placeOf(one)) }));
  }
  await ask("abort");
  return prepared.map(aborted);
}

const OTHERS_COULD_NOT = "Not applied: another thread could not";

function notSent({ port, status }: Target, message: string): Delivery {
  return { port, ...whoIs(status), outcome: "rejected", error: { message } };
}

/** The outcome at a thread that was asked to prepare, since not all threads could. */
function aborted(prepared: Delivery): Delivery {
  const message = NOT_APPLIED[prepared.outcome];
  return message === undefined
    ? prepared
    : { ...prepared, outcome: "rejected", error: { message } };
}

const NOT_APPLIED: Readonly<Partial<Record<Delivery["outcome"], string>>> = {
  applied: OTHERS_COULD_NOT,
  pending: "Not applied: the thread did not answer in time, it computes",
};

/** Threads without a port of their own have the same, and other names. */
function placeOf({ port, via, name }: Delivery): string {
  return `${via ?? port} ${port} ${name}`;
}

/** What the configuration says to logdial is said beside it too: older listeners look there. */
function preparation(config: string): object {
  const { disabled: _, ...said } = extensionsIn(config);
  return { ...said, config };
}
