import type { PastChange } from "../client/read_results.ts";
import { readHistory } from "../client/read_results.ts";
import { commandText, type Delivery, request } from "../client/request.ts";
import { extensionsOf, Parcel } from "../client/send.ts";
import {
  fitsTargets,
  NoTargetError,
  selectTargets,
  type Target,
  type Targets,
  threadsOf,
} from "../client/targets.ts";
import { probe, scanDefaults, UnreachableError } from "../client/ports/scan.ts";
import type { ThreadStatus } from "../wire/message.ts";
import type { StoredChange } from "./fleet_change.ts";
import { tail } from "../client/tail.ts";

/** A thread of the host that listens, or that follows one that does. */
export interface HostThread {
  /** The listener that leads to the thread. */
  readonly target: Target;
  /** Its status; undefined for a listener that tells nothing, such as CPython's. */
  readonly status: ThreadStatus | undefined;
}

/** A text that tells a thread from others, also from that of a program that was started anew. */
export function identityOf({ target, status }: HostThread): string {
  if (status === undefined) return `silent ${target.port}`;
  return JSON.stringify([status.pid, target.status?.instance, status.port, status.name]);
}

/**
 * A text that tells the process of a thread from others: in containers that share a network all may have
 * the same process number.
 */
export function processOf({ target, status }: HostThread): string {
  return `${status?.pid} ${target.status?.instance}`;
}

/** How a change is sent to one thread. */
export interface Sending {
  readonly wireId: string;
  /** How long the change still lasts, in milliseconds; forever if left out. */
  readonly rest?: number;
  /** How many lines its process may log thanks to it. */
  readonly lines?: number;
}

/** What an agent can do with the threads of its host. */
export interface ThreadHost {
  /** The threads that there are. */
  look(): Promise<HostThread[]>;
  /** The history of a thread. */
  past(thread: HostThread): Promise<readonly PastChange[]>;
  /** Sends a change. */
  send(thread: HostThread, change: StoredChange, sending: Sending): Promise<Delivery>;
  /** Takes changes back; resolves to whether the thread has done so. */
  takeBack(thread: HostThread, ids: readonly string[]): Promise<boolean>;
  /** Counts records at ERROR and above from now on; `count` tells how many, `end` stops counting. */
  countErrors(): { count(): number; end(): void };
}

/** The label of changes that agents take back; it tells that no operator of the host has done so. */
export const TAKEN_BACK = "fleet: taken back";

/**
 * How often to look whether CPython's listeners are there, in milliseconds: each look is a connection,
 * for which they start a thread.
 */
const SILENT_MS = 5000;

/** The threads behind the loopback listeners of this host. */
export class LocalThreads implements ThreadHost {
  readonly #targets: Targets;
  readonly #isMine: (status: ThreadStatus | undefined) => boolean;
  /** Listeners that tell nothing, and until when they are not asked again. */
  readonly #silent = new Map<number, { readonly target: Target; readonly until: number }>();
  /** Ports with listeners that did not answer, and whether they are being asked again. */
  readonly #mute = new Map<number, { isAsked: boolean }>();

  /** Serves all threads that listen on the ports, or only those for which `isMine` is true. */
  constructor(
    targets: Targets,
    isMine: (status: ThreadStatus | undefined) => boolean = () => true,
  ) {
    this.#targets = targets;
    this.#isMine = isMine;
  }

  /**
   * The threads that listen now, and those that follow them. Listeners that did not answer the last
   * time, such as those of a stopped program, are not waited for: they would delay all others.
   */
  async look(): Promise<HostThread[]> {
    for (const [port, mute] of this.#mute) if (!mute.isAsked) void this.#askAgain(port, mute);
    const now = performance.now();
    for (const [port, { until }] of this.#silent) if (until <= now) this.#silent.delete(port);
    const kept = [...this.#silent.values()].map(({ target }) => target);
    const found = await this.#ask((port) => this.#silent.has(port) || this.#mute.has(port));
    for (const target of found) {
      if (target.status !== undefined) continue;
      this.#silent.set(target.port, { target, until: now + SILENT_MS });
    }
    return [...kept, ...found].flatMap((target): HostThread[] => {
      const { status } = target;
      if (status === undefined) return [{ target, status }];
      // A thread that is meant may follow one that is not, and the other way round.
      return threadsOf(status).filter((one) => fitsTargets(one, this.#targets))
        .map((one) => ({ target, status: one }));
    }).filter(({ status }) => this.#isMine(status));
  }

  async #ask(isKnown: (port: number) => boolean): Promise<readonly Target[]> {
    try {
      const { targets, skipped } = await selectTargets(this.#targets, isKnown);
      for (const { port } of skipped) this.#mute.set(port, { isAsked: false });
      return targets;
    } catch (error) {
      // Nobody listens, or the machine has no loopback address at the moment.
      if (error instanceof NoTargetError || error instanceof UnreachableError) return [];
      throw error;
    }
  }

  /** Asks such a port again; once it answers, or nobody listens there, it counts as all others. */
  async #askAgain(port: number, mute: { isAsked: boolean }): Promise<void> {
    mute.isAsked = true;
    try {
      const found = await probe(port, scanDefaults(this.#targets), true);
      if (found?.kind !== "foreign") this.#mute.delete(port);
    } catch {
      // The machine has no loopback address at the moment.
    } finally {
      mute.isAsked = false;
    }
  }

  /** The history of a thread; empty if it does not answer in time. */
  async past({ target, status }: HostThread): Promise<readonly PastChange[]> {
    if (status === undefined) return [];
    const text = commandText({ command: "history" }, target, this.#targets);
    const answers = await request(target, text, this.#targets, 0, readHistory);
    const own = answers.find(({ port, name }) => port === status.port && name === status.name);
    return own?.result === undefined ? [] : own.result as readonly PastChange[];
  }

  /** Sends a change to one thread. */
  async send(thread: HostThread, change: StoredChange, sending: Sending): Promise<Delivery> {
    const { target, status } = thread;
    const { text, label, by, reason, forever } = change;
    const { wireId, rest, lines } = sending;
    const options = {
      ...this.#targets,
      label,
      by,
      reason,
      ...forever === undefined ? {} : { forever },
      ...rest === undefined ? {} : { for: `${Math.max(1, Math.round(rest))}ms` },
      ...lines === undefined ? {} : { lines },
    };
    const parcel = new Parcel(text, extensionsOf(options, wireId));
    const deliveries = await parcel.deliverTo(target, aimAt(thread), options);
    const own = deliveries.find(({ port, name }) =>
      status === undefined || port === status.port && name === status.name
    );
    return own ?? { port: target.port, outcome: "skipped", error: { message: "It has gone" } };
  }

  /** Takes changes back from one thread. */
  async takeBack(thread: HostThread, ids: readonly string[]): Promise<boolean> {
    const said = { command: "rollback", label: TAKEN_BACK, id: crypto.randomUUID(), ids };
    const text = JSON.stringify({ logdial: { ...said, steps: ids.length, to: aimAt(thread) } });
    const deliveries = await request(thread.target, text, this.#targets);
    return deliveries.every(({ outcome }) => outcome === "applied" || outcome === "unchanged");
  }

  /** Counts what the threads of this host log at ERROR and above. */
  countErrors(): { count(): number; end(): void } {
    const controller = new AbortController(), { signal } = controller;
    let errors = 0, isFollowing = false;
    const follow = async () => {
      for await (const line of tail({ ...this.#targets, level: "ERROR", signal })) {
        if ("message" in line) errors++;
        else if ("dropped" in line) errors += line.dropped;
      }
    };
    // A tail ends with the last thread that it follows; the next count begins another one, for
    // programs that were started anew.
    const begin = () => {
      if (isFollowing || signal.aborted) return;
      isFollowing = true;
      // Without anybody to follow there are no errors either.
      follow().catch(() => {}).finally(() => isFollowing = false);
    };
    begin();
    const count = () => {
      begin();
      return errors;
    };
    return { count, end: () => controller.abort() };
  }
}

/** The aim at one single thread: by its port, or by its name if it has no port. */
function aimAt({ status }: HostThread): object | undefined {
  if (status === undefined) return undefined;
  return status.port === 0 ? { name: status.name } : { port: status.port };
}
