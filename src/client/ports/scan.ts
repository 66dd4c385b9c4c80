import {
  checkOptions,
  isFilledText,
  isWholeNumber,
  type OptionRules,
} from "../../core/errors/check_options.ts";
import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { neededFlags } from "../../core/io/permission_flag.ts";
import { DEFAULT_PORTS, LOOPBACK, type PortRange } from "../../hub/board/attach_options.ts";
import { PROBE, QUICK_PROBE } from "../../wire/frame.ts";
import { parseAck, readStatus, type ThreadStatus } from "../../wire/message.ts";
import { ShapeError } from "../../wire/shape.ts";
import { ask, type Reply } from "./ask.ts";
import { requestPermission } from "./request_permission.ts";

/** Where to look for listeners. */
export interface ScanOptions {
  /** Host of the listeners. @default "127.0.0.1", or "::1" on a machine without it */
  hostname?: string;
  /**
   * Ports to try, 64 at a time: the first and the last one, as `listen` takes them, or several
   * such ranges.
   * @default [9001, 9029]
   */
  ports?: PortRange | readonly PortRange[];
  /** A single port in place of `ports`. */
  port?: number;
  /** Longest wait for each answer, in milliseconds. @default 2000 */
  timeout?: number;
}

/** What was found on a port. */
export type Found =
  /** A thread that logdial serves. */
  | { readonly port: number; readonly kind: "logdial"; readonly status: ThreadStatus }
  /** A thread that logdial serves, at a port that takes no more questions now: `reason` says why. */
  | {
    readonly port: number;
    readonly kind: "busy";
    readonly name: string;
    readonly pid: number;
    readonly reason: string;
  }
  /** It closed without a word, as CPython's listener does. */
  | { readonly port: number; readonly kind: "silent" }
  /** Something else: `reason` says how it showed. */
  | {
    readonly port: number;
    readonly kind: "foreign";
    readonly reason: string;
    /** Whether it has said nothing in time: then nothing is known of it. */
    readonly isMute?: boolean;
  };

/**
 * How many of the questions to a listener that ends just then may be broken off: the one that it
 * has taken, and the one that waits for it to take it. It looks like one that tells nothing so
 * long, but only the latter is there when it is asked once more.
 */
const ENDING_BREAKS = 2;
/** Most ports that are asked at a time: systems let a program have some hundred files open. */
const AT_ONCE = 64;

/** Where to look, with nothing left open. */
export interface Place {
  /** Undefined for this machine. */
  readonly hostname: string | undefined;
  /** Each port once, in order. */
  readonly ports: readonly number[];
  readonly timeout: number;
}

/** What {@linkcode ScanOptions} must be. */
export const SCAN_RULES: OptionRules<ScanOptions> = {
  hostname: isFilledText,
  ports: (value) =>
    isRange(value) || Array.isArray(value) && value.length > 0 && value.every(isRange)
      ? undefined
      : "[first, last] of 1 to 65535, or a list of such ranges; a single one goes to port",
  port: isWholeNumber(1, 65_535),
  timeout: isWholeNumber(1, 2 ** 31 - 1),
};

function isRange(value: unknown): value is PortRange {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const isPort = (port: unknown) =>
    typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535;
  return value.every(isPort) && value[0] <= value[1];
}

/**
 * The options with nothing left open.
 *
 * @throws {TypeError} Both `port` and `ports`.
 */
export function scanDefaults(options: ScanOptions): Place {
  const { hostname, timeout = 2000 } = options;
  const ports = new Set<number>();
  for (const [first, last] of rangesOf(options)) {
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return { hostname, timeout, ports: [...ports].sort((a, b) => a - b) };
}

/** The ranges of ports that are meant. */
export function rangesOf({ port, ports }: ScanOptions): readonly PortRange[] {
  if (port !== undefined && ports !== undefined) {
    throw new TypeError("Cannot use port and ports together: give one of them");
  }
  if (port !== undefined) return [[port, port]];
  return isRange(ports) ? [ports] : ports ?? [DEFAULT_PORTS];
}

/**
 * A host cannot be reached, or the program may not connect to it.
 *
 * @example
 * ```ts
 * import { status, UnreachableError } from "@logdial/logging/client";
 *
 * try {
 *   await status({ hostname: "nosuch.invalid" });
 * } catch (error) {
 *   if (!(error instanceof UnreachableError)) throw error;
 *   console.log(error.message);
 * }
 * ```
 */
export class UnreachableError extends Error {
  /** `UnreachableError`. */
  override readonly name = "UnreachableError";
  /** Why, as the system says it. */
  readonly reason: string;

  /** Says what cannot be reached, and why. */
  constructor(message: string, reason: string = message) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Asks all ports who is there, without sending anything that could be taken for a configuration;
 * ports where nobody listens are left out. One that cannot be reached where others can, as behind a
 * firewall, is told as something else.
 *
 * @throws {UnreachableError} The host cannot be reached at all, or asking one of them is not allowed.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { scan } from "@logdial/logging/client";
 *
 * for (const { port } of await scan()) console.log(port);
 * ```
 */
export async function scan(options: ScanOptions = {}): Promise<Found[]> {
  checkOptions("scan", options, SCAN_RULES);
  const { ports, ...rest } = scanDefaults(options);
  const found = await probeAll(ports, rest, false, (one) => one);
  return found.filter((one) => one !== undefined);
}

/** The reason for a port that says nothing in time: its program may be stopped or swapped out. */
const NO_ANSWER = "it does not answer (nor does a program that hangs)";

/** How long is waited before a port is asked again that takes no more questions, in milliseconds. */
const BUSY_PAUSE_MS = 50;

/**
 * Asks ports who is there, and does something with what was found on each as soon as it is known;
 * what comes of that has the order of the ports.
 *
 * @throws {UnreachableError} The program may not connect to one of them, or one cannot be reached and
 * no other has answered: so nothing was done but for those that did not answer, of which nothing is
 * known.
 */
export async function probeAll<T>(
  ports: readonly number[],
  place: Pick<Place, "hostname" | "timeout">,
  isQuick: boolean,
  act: (found: Found | undefined) => T | Promise<T>,
): Promise<T[]> {
  requireConnecting(place.hostname, ports);
  const acts: Promise<T>[] = [];
  const failures: [at: number, error: UnreachableError][] = [];
  let isHeard = false;
  const rest = ports.entries();
  const start = (at: number, found: Found | undefined) => {
    acts[at] = (async () => await act(found))();
    // It is thrown when all have been asked.
    acts[at].catch(() => {});
  };
  const askSome = async () => {
    for (const [at, port] of rest) {
      try {
        const found = await probe(port, place, isQuick);
        isHeard ||= !isMute(found);
        start(at, found);
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        failures.push([at, error]);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askSome));
  // If the host's name does not exist, some look-ups may take longer than an answer is waited for.
  if (failures.length > 0 && !isHeard) throw failures[0]![1];
  for (const [at, { reason }] of failures) {
    start(at, { port: ports[at]!, kind: "foreign", reason: `it cannot be reached: ${reason}` });
  }
  return await Promise.all(acts);
}

/**
 * Makes sure that the program may connect to all of the ports: a thread that may not be asked must
 * not be taken for a foreign service, nor the others for all.
 *
 * @throws {UnreachableError} It may not; nothing has been asked.
 */
export function requireConnecting(hostname: string | undefined, ports: readonly number[]): void {
  const port = requestPermission(hostname, ports);
  if (port === undefined) return;
  const flags = neededFlags([{ name: "net" }]);
  const reason = `the program may not connect to it, run again with ${flags}`;
  throw unreachable(hostname, port, ports.length > 1 ? `${reason}, or name other ports` : reason);
}

function unreachable(
  hostname: string | undefined,
  port: number,
  reason: string,
): UnreachableError {
  return new UnreachableError(`Cannot reach ${hostname ?? LOOPBACK[0]}:${port}: ${reason}`, reason);
}

/** Asks one port who is there; a quick question gets the levels as they were last known. */
export async function probe(
  port: number,
  place: Pick<Place, "hostname" | "timeout">,
  isQuick = false,
): Promise<Found | undefined> {
  let isOver = false;
  const stopWaiting = giveUpAfter(place.timeout, () => isOver = true);
  try {
    for (;;) {
      const found = await probeOnce(port, place, isQuick);
      if (found?.kind !== "busy" || isOver) return found;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  } finally {
    stopWaiting();
  }
}

async function probeOnce(
  port: number,
  { hostname, timeout }: Pick<Place, "hostname" | "timeout">,
  isQuick: boolean,
): Promise<Found | undefined> {
  const question = isQuick ? QUICK_PROBE : PROBE;
  let reply = await ask(hostname, port, question, timeout);
  for (let again = 0; again < ENDING_BREAKS && isSilent(reply); again++) {
    reply = await ask(hostname, port, question, timeout);
  }
  switch (reply.kind) {
    case "refused":
      return undefined;
    case "failed":
      throw unreachable(hostname, port, reply.reason);
    case "timeout":
      return { port, kind: "foreign", reason: NO_ANSWER, isMute: true };
    case "endless":
      return { port, kind: "foreign", reason: "its answer is too long" };
    case "said":
      return describe(port, reply.text);
  }
}

/** Whether nothing has come from a port in time, not even that nobody listens there. */
function isMute(found: Found | undefined): boolean {
  return found?.kind === "foreign" && found.isMute === true;
}

function isSilent(reply: Reply): boolean {
  return reply.kind === "said" && reply.text === "";
}

function describe(port: number, text: string): Found {
  if (text === "") return { port, kind: "silent" };
  try {
    const status = readStatus(text);
    if (status !== undefined) return { port, kind: "logdial", status };
    return { port, kind: "foreign", reason: "it speaks another protocol" };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    // Whoever is turned away is answered before anybody has read what he asks.
    const { name, pid, error: refusal } = parseAck(text) ?? {};
    if (name !== undefined && pid !== undefined && refusal !== undefined) {
      return { port, kind: "busy", name, pid, reason: refusal.message };
    }
    return { port, kind: "foreign", reason: error.message };
  }
}
