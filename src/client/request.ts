import { reasonOf } from "../core/values/thrown.ts";
import { fitsPattern } from "../core/text/fits_pattern.ts";
import type { Aim } from "../wire/command.ts";
import { encodeFrame } from "../wire/frame.ts";
import {
  type Ack,
  type ChangeError,
  type ChangeNotes,
  type ChangeStatus,
  type Levels,
  readAck,
} from "../wire/message.ts";
import { type Read, ShapeError } from "../wire/shape.ts";
import { sign, WRONG_INSTANCE } from "../wire/signature.ts";
import { ask, MAX_KNOWN_ANSWER } from "./ports/ask.ts";
import { probe, scanDefaults } from "./ports/scan.ts";
import {
  aimOf,
  fitsTargets,
  isBusy,
  type Skipped,
  type Target,
  type Targets,
  threadsOf,
} from "./targets.ts";

/** The outcome of a request at one thread. */
export interface Delivery extends ChangeNotes {
  /** Where it listens; 0 for a thread without a port of its own. */
  readonly port: number;
  /** Port of the thread that it follows, if it has none of its own. */
  readonly via?: number;
  /** What listens there, if it is no thread of ours: `silent` like CPython's, or a `foreign` service. */
  readonly kind?: "silent" | "foreign";
  /** `unconfirmed`: taken without a word, as CPython does; `skipped`: not sent at all;
   * `unchanged`: there was nothing to do. */
  readonly outcome: ChangeStatus | "unchanged" | "unconfirmed" | "skipped";
  /** Name of the thread; undefined for CPython's listeners and foreign services. */
  readonly name?: string;
  /** Process id of the thread. */
  readonly pid?: number;
  /** Own levels of loggers before it; undefined where nothing was carried out. */
  readonly previous?: Levels;
  /** Own levels of loggers after it. */
  readonly levels?: Levels;
  /** Why it was rejected or skipped. */
  readonly error?: ChangeError;
  /** Whether it was meant and skipped because its listener cannot do what was asked. */
  readonly unable?: true;
  /** Whether it was sent to a thread that has ended, or listens no more, before it answered. */
  readonly gone?: true;
  /** A remark on what was sent, for people. */
  readonly note?: string;
  /** ISO time at which a change is taken back. */
  readonly until?: string;
  /** The listener's `maxOverride` in milliseconds, where it takes the change back earlier than asked. */
  readonly cappedAt?: number;
  /** How many lines the process may log only thanks to it, until it is taken back. */
  readonly maxLines?: number;
  /** Number of the last request that the thread has answered: a change or a question. */
  readonly generation?: number;
  /** What was asked for, for commands that ask. */
  readonly result?: unknown;
}

/** Compares two by their ports; threads without a port of their own stand behind their leader. */
export function byPort(a: Delivery, b: Delivery): number {
  return (a.via ?? a.port) - (b.via ?? b.port);
}

/** The outcome for a foreign service, or for a thread that takes no more connections. */
export function notAsked(one: Skipped): Delivery {
  const { port, reason } = one;
  if (isBusy(one)) {
    const { name, pid } = one;
    return { port, name, pid, outcome: "skipped", error: { message: reason } };
  }
  return {
    port,
    kind: "foreign",
    outcome: "skipped",
    error: { message: `Not a logging server: ${reason}` },
  };
}

/** The outcome for a listener that knows no commands. */
export function takesConfigurationsOnly(port: number): Delivery {
  const message = "It takes configurations only, like CPython's listener";
  return { port, kind: "silent", outcome: "skipped", error: { message } };
}

/** The text of a command to one listener, which also says which threads are meant. */
export function commandText(command: object, target: Target, targets: Targets): string {
  return JSON.stringify({ logdial: { ...command, to: aimOf(targets, target) } });
}

/**
 * The bytes of a frame around a text, signed if there is a key: for the very listener that is
 * meant, if it tells who it is.
 *
 * @throws {Error} The listener says that it is another one.
 */
export async function encodeRequest(
  text: string,
  { port, status }: Target,
  targets: Targets,
): Promise<Uint8Array> {
  const { key, hostname } = targets;
  const payload = new TextEncoder().encode(text);
  if (key === undefined) return encodeFrame(payload);
  if (status?.instance === undefined) return encodeFrame(await sign(payload, key));
  // On a named host it may be behind a tunnel, which has another port.
  if (hostname === undefined && status.port !== port) {
    throw new Error(
      `Not signed: what listens on port ${port} says that it listens on port ${status.port}; ` +
        "if that is a tunnel, name the host",
    );
  }
  const target = { instance: status.instance, port: status.port };
  return encodeFrame(await sign(payload, key, Date.now(), target));
}

/** Sends a text to one thread and those that follow it, and reads their answers. */
export async function request(
  target: Target,
  text: string,
  targets: Targets,
  /** How long the listener was asked to wait for the thread. */
  wait = 0,
  /** What it has to answer beside what became of the request. */
  readResult?: Read<unknown>,
): Promise<Delivery[]> {
  const deliveries = await requestOnce(target, text, targets, wait, readResult);
  // The program may have been started anew since it told who it is.
  const isOther = targets.key !== undefined &&
    deliveries.some(({ error }) => error?.message.includes(WRONG_INSTANCE));
  if (!isOther) return deliveries;
  const found = await probe(target.port, scanDefaults(targets), true);
  if (found?.kind !== "logdial") return deliveries;
  const { status } = found;
  if (status.instance === target.status?.instance) return deliveries;
  return await requestOnce({ port: target.port, status }, text, targets, wait, readResult);
}

async function requestOnce(
  target: Target,
  text: string,
  targets: Targets,
  wait: number,
  readResult: Read<unknown> | undefined,
): Promise<Delivery[]> {
  const { hostname, timeout } = scanDefaults(targets);
  const { port, status } = target;
  const who = whoIs(status);
  let bytes: Uint8Array;
  try {
    bytes = await encodeRequest(text, target, targets);
  } catch (error) {
    return [{ port, ...who, outcome: "skipped", error: { message: reasonOf(error) } }];
  }
  const reply = await ask(hostname, port, bytes, timeout + wait, MAX_KNOWN_ANSWER);
  switch (reply.kind) {
    case "said":
      return onlyMeant(readAnswer(target, reply.text, readResult), target, aimOf(targets, target));
    case "endless":
      return [{
        port,
        ...who,
        outcome: "unconfirmed",
        error: { message: `Its answer is longer than ${MAX_KNOWN_ANSWER >> 20} MiB` },
      }];
    case "timeout":
      return [unconfirmed(target, { error: { message: "It has not answered in time" } })];
    case "refused":
      return [{ port, ...who, outcome: "skipped", error: { message: "It has gone meanwhile" } }];
    case "failed":
      return [{ port, ...who, outcome: "skipped", error: { message: reply.reason } }];
  }
}

/**
 * The answers of the threads that are meant, where one of them has answered: one that refuses a frame
 * unread, since it is signed by another key or not at all, does not know whom the frame is for.
 */
function onlyMeant(
  deliveries: Delivery[],
  { status }: Target,
  aim: Aim | undefined,
): Delivery[] {
  if (aim === undefined) return deliveries;
  const { name: wanted, app, port } = aim;
  const threads = status === undefined ? [] : threadsOf(status);
  const ours = threads.filter((one) => fitsTargets(one, { app })).map(({ name }) => name);
  // Of threads that have come meanwhile the program is not known.
  const others = threads.map(({ name }) => name).filter((name) => !ours.includes(name));
  const meant = deliveries.filter(({ name = "", via }) =>
    (wanted === undefined || fitsPattern(name, wanted)) && !others.includes(name) &&
    (port === undefined || via === undefined)
  );
  return meant.length === 0 ? deliveries : meant;
}

/** The delivery to a listener that has not told the outcome; CPython's listeners never tell it. */
function unconfirmed({ port, status }: Target, why: Partial<Delivery>): Delivery {
  return { port, ...whoIs(status), outcome: "unconfirmed", ...status === undefined ? {} : why };
}

function readAnswer(
  { port, status }: Target,
  text: string,
  readResult: Read<unknown> | undefined,
): Delivery[] {
  const who = { port, ...whoIs(status) };
  if (status === undefined || text === "") {
    const error = { message: "It has ended before it answered" };
    return [unconfirmed({ port, status }, { gone: true, error })];
  }
  try {
    const ack = readAck(text);
    if (ack !== undefined) return deliveriesOf(ack, port, readResult);
    return [{ ...who, outcome: "unconfirmed", error: { message: "Its answer makes no sense" } }];
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const message = error.message.replace("its", "Its");
    return [{ ...who, outcome: "unconfirmed", error: { message } }];
  }
}

/** The fields of a {@linkcode Delivery} that say who a thread is. */
export function whoIs(status: Target["status"]): Pick<Delivery, "kind" | "name" | "pid"> {
  return status === undefined ? { kind: "silent" } : { name: status.name, pid: status.pid };
}

function deliveriesOf(ack: Ack, port: number, readResult: Read<unknown> | undefined): Delivery[] {
  const followers = (ack.followers ?? []).map((one) => ({
    ...deliveryOf(one, readResult),
    via: port,
  }));
  return ack.meant === false ? followers : [{ ...deliveryOf(ack, readResult), port }, ...followers];
}

function deliveryOf(ack: Ack, readResult: Read<unknown> | undefined): Delivery {
  const { port, status, name, pid, previous, levels, error, until, maxLines, generation } = ack;
  const isAnswered = status === "applied" && readResult !== undefined;
  const result = isAnswered ? readResult(ack.result, "result") : ack.result;
  const outcome = ack.unchanged ? "unchanged" : status;
  const { opened, silent, unknown, disabled, dropped, takenBack, recorder, cappedAt } = ack;
  const notes = { opened, silent, unknown, disabled, dropped, takenBack, recorder };
  const end = { until, maxLines, cappedAt };
  return {
    port,
    outcome,
    name,
    pid,
    previous,
    levels,
    error,
    ...end,
    generation,
    result,
    ...notes,
  };
}
