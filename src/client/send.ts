import { parseConfigText } from "../config/text/config_text.ts";
import {
  EXTENSIONS,
  isOfLevels,
  readExtensions,
  withExtensions,
} from "../config/text/extensions.ts";
import { isOtelConfig } from "../config/otel/read_otel_config.ts";
import { isOff, OFF, readRecordLevels } from "../config/spec/recording_spec.ts";
import { checkOptions } from "../core/errors/check_options.ts";
import { cannotYet, isFirstVersion } from "./first_version.ts";
import { sendAtomically } from "./send_atomically.ts";
import { byPort, type Delivery, notAsked, request } from "./request.ts";
import { requireConfigText, SEND_RULES, type SendOptions } from "./send_options.ts";
import type { Aim } from "../wire/command.ts";
import {
  aimOf,
  forEachTarget,
  isBusy,
  type Outcomes,
  selectTargets,
  type Target,
} from "./targets.ts";

/**
 * Sends a configuration to all threads that are meant, all at once; ports where nobody
 * listens are left out of the answer.
 *
 * Each port is asked first who is there, so that a foreign service gets no payload. What is
 * to be taken back is not sent to CPython's listeners, which cannot.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {ConfigError} The text is no configuration; with section, key and line.
 * @throws {TypeError} No text, an unknown option, or one of another type.
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
  requireConfigText("send", text);
  return await deliver(text, options);
}

/** {@linkcode send}, with options that are checked. */
export async function deliver(text: string, options: SendOptions): Promise<Delivery[]> {
  // Read first, so that its errors are told even if nobody listens. The id is the same for all
  // threads, and new with each call: the same text sent again is another change.
  const parcel = new Parcel(text, extensionsOf(options, crypto.randomUUID()));
  const { done, skipped } = options.atomic
    ? await sendToAllOrNone(parcel, options)
    : await forEachTarget(
      options,
      (target) => parcel.deliverTo(target, aimOf(options, target), options),
    );
  return [...done.flat(), ...skipped.map(notAsked)].sort(byPort);
}

/** A configuration with what is said to listeners of it, ready to be sent to any of them. */
export class Parcel {
  /** Whether it is for some log calls only. */
  readonly isScope: boolean;
  readonly #text: string;
  readonly #said: Readonly<Record<string, unknown>>;
  /**
   * What version 0.1.0 cannot do of the configuration; it would pass over these words and still
   * tell that it has applied all.
   */
  readonly #beyondFirst: string | undefined;
  /** What CPython's listener cannot do of the configuration. */
  readonly #beyondCPython: string | undefined;
  readonly #isOfLevels: boolean;

  /**
   * Reads the configuration; it may name its own end, by `expires`.
   *
   * @throws {ConfigError} The text is no configuration.
   */
  constructor(text: string, said: Readonly<Record<string, unknown>>) {
    this.#text = text;
    this.#said = said;
    const parsed = parseConfigText(withExtensions(text, said));
    const { expires, lines, record, where, sample, match, open } = readExtensions(parsed);
    this.isScope = (where ?? sample ?? match) !== undefined;
    this.#isOfLevels = isOfLevels(parsed);
    const isOtel = parsed.kind === "dict" && isOtelConfig(parsed.dict);
    this.#beyondCPython = lines !== undefined
      ? "take a change back after so many lines"
      : expires !== undefined
      ? "take a change back after a time"
      : record !== undefined && this.#isOfLevels
      ? "keep records in memory"
      : isOtel
      ? "read OpenTelemetry's configuration"
      : this.isScope
      ? FOR_SOME_CALLS
      : undefined;
    this.#beyondFirst = lines !== undefined
      ? "take a change back after so many lines"
      : this.#isOfLevels && keepsAny(record)
      ? "keep records in memory"
      : isOtel
      ? "read OpenTelemetry's configuration"
      : Array.isArray(open)
      ? "open handlers"
      : undefined;
  }

  /**
   * The text for a listener, which says itself whom it is for. Whoever asks each before what it can,
   * as all or nothing does, needs no command of its own for what is for some log calls only.
   */
  payload(to: Aim | undefined, isAsked = false): string {
    const said = { ...this.#said, to };
    // An older listener knows no such command, and so cannot turn on for all what is for some.
    return this.isScope && !isAsked
      ? JSON.stringify({ [EXTENSIONS]: { command: "scope", config: this.#text, ...said } })
      : withExtensions(this.#text, said);
  }

  /** What a thread of ours cannot do, since its logdial is older; undefined if it can do all. */
  whyUnable({ status }: Target): string | undefined {
    if (this.isScope && status?.can?.includes("scope") !== true) return cannotYet(FOR_SOME_CALLS);
    return this.#beyondFirst !== undefined && status !== undefined && isFirstVersion(status)
      ? cannotYet(this.#beyondFirst)
      : undefined;
  }

  /** Sends it to a listener that can do what it asks for. */
  async deliverTo(
    target: Target,
    to: Aim | undefined,
    options: SendOptions,
  ): Promise<Delivery[]> {
    const { status } = target;
    if (status === undefined && this.#beyondCPython !== undefined) {
      return [cannot(target, `CPython's listener cannot ${this.#beyondCPython}`)];
    }
    const reason = this.whyUnable(target);
    if (reason !== undefined) return [cannot(target, reason)];
    const deliveries = await request(target, this.payload(to), options, options.wait);
    const note = status === undefined ? this.#noteOfCPython(options) : undefined;
    if (note === undefined) return deliveries;
    return deliveries.map((one) => one.outcome === "unconfirmed" ? { ...one, note } : one);
  }

  /** A remark on a frame to CPython's listener, which would read a signature as a configuration. */
  #noteOfCPython({ key }: SendOptions): string | undefined {
    if (key !== undefined) return "signed: read only by a listener whose verify takes that away";
    if (this.#isOfLevels) return "stays until set again; its handlers may hold lines back";
  }
}

/** What to say of a listener that is meant, but cannot do what was asked. */
function cannot({ port, status }: Target, message: string): Delivery {
  // A listener that tells its name is a thread of ours, with an older logdial.
  const who = status === undefined
    ? { kind: "silent" } as const
    : { name: status.name, pid: status.pid };
  return { port, ...who, outcome: "skipped", unable: true, error: { message } };
}

const FOR_SOME_CALLS = "turn levels for some log calls only";

/** Whether what a configuration says of the recorder has it keep records. */
function keepsAny(record: unknown): boolean {
  if (record === undefined) return false;
  try {
    const levels = readRecordLevels(record);
    return levels !== OFF && [...levels.values()].some((level) => !isOff(level));
  } catch {
    // Listeners tell what is wrong with it.
    return true;
  }
}

async function sendToAllOrNone(
  parcel: Parcel,
  options: SendOptions,
): Promise<Outcomes<Delivery[]>> {
  const { targets, skipped } = await selectTargets(options);
  const payloadFor = (target: Target) => parcel.payload(aimOf(options, target), true);
  const isUnable = (target: Target) => parcel.whyUnable(target);
  const busy = skipped.find(isBusy)?.port;
  return { done: [await sendAtomically(payloadFor, targets, options, isUnable, busy)], skipped };
}

/** What listeners are told of a change of that id. */
export function extensionsOf(options: SendOptions, id: string): Record<string, unknown> {
  const { label, by, reason, forever, wait, lines, for: time } = options;
  return {
    label: label ?? "send",
    ...by === undefined ? {} : { by },
    ...reason === undefined ? {} : { reason },
    id,
    ...time === undefined ? {} : { expires: time },
    ...lines === undefined ? {} : { lines },
    ...wait === undefined || wait === 0 ? {} : { wait: `${wait}ms` },
    ...forever === undefined ? {} : { forever },
  };
}
