import { reasonOf } from "../../core/values/thrown.ts";
import { reset, set } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import { rollback } from "../../client/rollback.ts";
import type { Targets } from "../../client/targets.ts";
import { isMeant } from "../answers/exit_status.ts";
import { levelIn } from "../../wire/message.ts";
import type { Aim } from "./aims.ts";
import { threadKeys } from "./thread_key.ts";
import type { AwaitedChange, Message, TopModel } from "./model.ts";
import type { Change } from "./press.ts";
import { tellDeliveries } from "./tell_deliveries.ts";

/** A change that has been sent and not answered. */
interface Running {
  readonly ports: ReadonlySet<number> | undefined;
  readonly ended: Promise<void>;
}

/** Sends changes, those for the same thread one after the other. */
export class Performer {
  readonly #model: TopModel;
  readonly #running = new Set<Running>();

  constructor(model: TopModel) {
    this.#model = model;
  }

  /** How many changes have been sent and not answered. */
  get count(): number {
    return this.#running.size;
  }

  /** Sends a change, and says in the model what became of it. */
  async perform(change: Change, aims: readonly Aim[]): Promise<void> {
    const model = this.#model, what = describe(change);
    const ports = aims.some(({ ports }) => ports === undefined)
      ? undefined
      : new Set(aims.flatMap(({ ports = [] }) => ports));
    const before = [...this.#running].filter((one) => areShared(one.ports, ports));
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const running = { ports, ended };
    this.#running.add(running);
    model.message = { text: `${what}: sending …`, tone: "quiet" };
    try {
      // Of two changes of the same thread, the later one has to win.
      await Promise.all(before.map(({ ended }) => ended));
      const all = await Promise.all(aims.map(({ targets }) => send(change, targets, model)));
      const deliveries = all.flat();
      model.message = tellDeliveries(deliveries, what);
      const awaited = awaitedOf(deliveries, change, what);
      if (awaited.threads.size > 0) model.awaited.add(awaited);
    } catch (error) {
      model.message = { text: `${what}: ${reasonOf(error)}`, tone: "bad" };
    } finally {
      this.#running.delete(running);
      resolve();
    }
  }
}

/**
 * Says what became of changes that threads could not take at once, as soon as their status shows
 * it.
 */
export function settleAwaited(model: TopModel): void {
  for (const awaited of model.awaited) {
    const { threads, since, wanted } = awaited;
    for (const key of threads) {
      const thread = model.threads.find((one) => one.key === key), status = thread?.status;
      // What was asked earlier may not know of it.
      if (thread !== undefined && thread.askedAt < since) continue;
      if (status !== undefined && status.pending > 0) continue;
      threads.delete(key);
      const isSet = wanted === undefined ||
        levelIn(status?.levels ?? {}, wanted[0]) === wanted[1];
      if (status !== undefined && isSet) awaited.done++;
      else awaited.failed++;
    }
    if (threads.size > 0) continue;
    model.awaited.delete(awaited);
    model.message = settledMessage(awaited);
  }
}

function settledMessage(awaited: AwaitedChange): Message {
  const { text, tone } = outcomeOf(awaited), { refused } = awaited;
  return refused === undefined ? { text, tone } : { text: `${text}; ${refused}`, tone: "bad" };
}

function outcomeOf({ what, wanted, done, failed }: AwaitedChange): Message {
  if (failed > 0) {
    const text = `${what}: not seen on ${failed} that had been pending, logdial history tells more`;
    return { text, tone: "bad" };
  }
  // What a rollback has taken back cannot be seen.
  if (wanted === undefined) {
    const text = `${what}: no longer pending, logdial history tells what it has taken back`;
    return { text, tone: "waiting" };
  }
  return { text: `${what}: applied on ${done} more, which had been pending`, tone: "good" };
}

async function send(
  change: Change,
  targets: Targets,
  { setup }: TopModel,
): Promise<Delivery[]> {
  const options = { ...targets, ...setup.sender };
  switch (change.kind) {
    case "set": {
      const { time, lines } = setup;
      const levels = { [change.logger]: change.level };
      return await set(levels, { ...options, for: time, ...lines === undefined ? {} : { lines } });
    }
    case "rollback":
      return await rollback(1, options);
    case "reset":
      return await reset(options);
  }
}

function describe(change: Change): string {
  return change.kind === "set" ? `${change.logger}=${change.level}` : change.kind;
}

function areShared(one: Running["ports"], other: Running["ports"]): boolean {
  return one === undefined || other === undefined || !one.isDisjointFrom(other);
}

/** The keys of those that have answered. */
export function keysOf(deliveries: readonly Delivery[]): string[] {
  return threadKeys(deliveries.map(({ port, via, pid, name }) => ({
    port: via ?? port,
    isFollower: via !== undefined,
    pid,
    name,
  })));
}

function awaitedOf(deliveries: readonly Delivery[], change: Change, what: string): AwaitedChange {
  const refused = deliveries.filter((one) =>
    isMeant(one) && (one.outcome === "rejected" || one.outcome === "skipped")
  );
  return {
    threads: new Set(
      keysOf(deliveries).filter((_, at) => deliveries[at]!.outcome === "pending"),
    ),
    since: performance.now(),
    what,
    ...refused.length === 0 ? {} : {
      // It begins with what was done, as it is a message of its own.
      refused: tellDeliveries(refused, what).text.slice(`${what}: `.length),
    },
    ...change.kind === "set" ? { wanted: [change.logger, String(change.level)] as const } : {},
    done: 0,
    failed: 0,
  };
}
