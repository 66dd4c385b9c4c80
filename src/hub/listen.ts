import {
  checkOptions,
  isBoolean,
  isFilledText,
  isFunction,
  isKey,
  isText,
  isWholeNumber,
  type OptionRules,
} from "../core/errors/check_options.ts";
import { quote } from "../core/errors/quote.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { ReversibleChanges } from "../config/apply/reversible_changes.ts";
import type { LogEntry } from "./board/orders.ts";
import { MOST_LINES } from "../config/text/extension_words.ts";
import { defaultRegistry } from "../config/build/registry.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { tellListening } from "../core/runtime/copies.ts";
import { MAX_BYTES } from "./board/board.ts";
import { type AskedOptions, Attachment } from "./thread/attachment.ts";
import { mayListen } from "./thread/listen_permission.ts";
// A configuration from outside may name a RingHandler, whose rings need their keeper.
import "./thread/hub_ring_keeper.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_MAX_LINES,
  DEFAULT_MAX_OVERRIDE,
  DEFAULT_PORTS,
  type ListenLimits,
  LOOPBACK,
  type PortRange,
} from "./board/attach_options.ts";
import type { Verify } from "./board/payload_text.ts";
import { tellMisspeltHandlers } from "./misspelt_handlers.ts";
import { requireGuard } from "./require_guard.ts";
import { readRecorderOptions, type RecorderOptions } from "./recorder_options.ts";

/**
 * Options of {@linkcode listen}.
 *
 * @example
 * ```ts
 * import { listen, type ListenOptions, stopListening } from "@logdial/logging";
 *
 * const options: ListenOptions = { key: "a secret", maxOverride: 1_800_000 };
 * await listen(0, options);
 * stopListening();
 * ```
 */
export interface ListenOptions extends Partial<ListenLimits> {
  /** Ports to choose from when none is given, the lowest free one wins. @default [9001, 9029] */
  ports?: PortRange;
  /**
   * Address to listen on; another than a loopback one needs `key`, `verify` or
   * `allowUnsigned`.
   * @default "127.0.0.1", or "::1" on a host that has no such address
   */
  hostname?: string;
  /** Name of the program, for `--app`. @default "" */
  app?: string;
  /** Key that changes must be signed with. @default none */
  key?: string;
  /**
   * Oldest version of signatures that is taken. Those of version 1 name no listener: another
   * program with the same key takes them as well.
   * @default "v2"
   */
  signatures?: "v1" | "v2";
  /** Whether others than this machine may send changes without a key. @default false */
  allowUnsigned?: boolean;
  /**
   * Longest time that a temporary change may turn a logger below INFO, in milliseconds.
   * @default 3600000
   */
  maxOverride?: number;
  /**
   * Most lines that the process may log only thanks to a temporary change that turns a logger
   * below INFO: the one that logs the last takes the change back.
   * @default 1000000
   */
  maxLines?: number;
  /**
   * Looks at every payload before it is read, on the listening thread, and returns what is to be
   * read instead, or null to refuse it (`logging.config.listen(verify=)`). What it returns may be
   * `maxBytes` long, as what comes may be.
   * @default none
   */
  verify?: Verify;
  /**
   * Handler classes, such as `logging.FileHandler`, that configurations may use which are
   * neither signed nor verified, beside what writes to stdout and stderr and what the program
   * has set up itself. Anyone who reaches the port can then have these open any file, or
   * address, that the program may.
   * @default []
   */
  wireHandlers?: readonly string[];
  /** What is kept in memory from the start, for `logdial dump`. @default nothing */
  recorder?: RecorderOptions;
}

/**
 * What {@linkcode listen} gives: the port at which the thread can be turned, and who serves it.
 *
 * @example
 * ```ts
 * import { listen, type Listening, stopListening } from "@logdial/logging";
 *
 * const { port, servedBy }: Listening = await listen(0);
 * stopListening();
 * ```
 */
export interface Listening {
  /**
   * The claimed port; 0 where all of the range are taken, some of them by this process: then
   * changes come by the lowest one of those.
   */
  readonly port: number;
  /**
   * `hub`: changes arrive at any time. `thread`: only while the thread is idle, since no
   * hub thread could be started, for the reason in `why`.
   */
  readonly servedBy: "hub" | "thread";
  /** Why there is no hub thread. */
  readonly why: string | undefined;
}

/** Longest time that a timer can wait, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

const OPTION_RULES: OptionRules<ListenOptions> = {
  ports: (value) => Array.isArray(value) && value.length === 2 ? undefined : "[first, last]",
  hostname: isFilledText,
  app: isText,
  key: isKey,
  allowUnsigned: isBoolean,
  maxOverride: isWholeNumber(1, LONGEST_MS),
  maxLines: isWholeNumber(1, MOST_LINES),
  verify: isFunction,
  wireHandlers: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string")
      ? undefined
      : "a list of names of classes",
  recorder: (value) => typeof value === "object" && value !== null ? undefined : "an object",
  signatures: (value) => value === "v1" || value === "v2" ? undefined : '"v1" or "v2"',
  maxBytes: isWholeNumber(1, MAX_BYTES),
  readTimeout: isWholeNumber(1, LONGEST_MS),
  answerTimeout: isWholeNumber(0, LONGEST_MS),
  prepareTimeout: isWholeNumber(1, LONGEST_MS),
  maxConnections: isWholeNumber(1, 65_535),
};

let attachment: Attachment | undefined;
/** The changes that this thread has had; they are kept while it does not listen. */
let changes: ReversibleChanges<LogEntry> | undefined;

/**
 * Takes new configurations on a TCP port, also while the thread computes
 * (`logging.config.listen`); resolves once the port is claimed.
 *
 * Without `port` it claims the lowest free one of `ports`; 0 stands for any free one. It
 * does not keep the program alive.
 *
 * Differs from CPython: there is nothing to start, the answer says what became of a
 * change, and one thread of the process serves the ports of all.
 *
 * @throws {Deno.errors.AddrInUse} The port is taken, or all of them are.
 * @throws {Deno.errors.NotCapable} The program may not listen; with the flag to add.
 * @throws {Deno.errors.PermissionDenied} The system allows no such port, as those that it keeps for root.
 * @throws {Deno.errors.Busy} The thread listens already.
 * @throws {TypeError} An unknown option, one of another type, or an address that others than
 * this machine can send to while nothing checks what they send.
 * @throws {RangeError} A port that is none.
 *
 * @example
 * ```ts
 * import { listen } from "@logdial/logging";
 *
 * const { port } = await listen();
 * console.log(`Setup logging server on port ${port}`);
 * ```
 */
export async function listen(port?: number, options: ListenOptions = {}): Promise<Listening> {
  // Nothing is awaited yet: a worker loses messages that arrive while its module awaits.
  return await Promise.resolve(listenSync(port, options));
}

/** As {@linkcode listen}, for modules that must not await. */
export function listenSync(port?: number, options: ListenOptions = {}): Listening {
  return beginListening(port, options)();
}

/**
 * The first half of {@linkcode listenSync}, which gives the second one: the hub comes up
 * meanwhile.
 */
export function beginListening(port?: number, options: ListenOptions = {}): () => Listening {
  checkOptions("listen", options, OPTION_RULES);
  if (typeof port === "object" && port !== null) {
    throw new TypeError(
      "Cannot listen on an object as port: options come second, as in listen(undefined, { ports })",
    );
  }
  if (port !== undefined && options.ports !== undefined) {
    throw new TypeError("Cannot listen with port and ports together: give one of them");
  }
  refuseIfListening();
  const asked = askedOptions(port, options), { hostname, ports } = asked;
  const recording = readRecorderOptions(options.recorder);
  tellMisspeltHandlers(asked.wireHandlers);
  changes ??= new ReversibleChanges(defaultManager, defaultRegistry);
  const mine = new Attachment(
    defaultManager,
    defaultRegistry,
    changes,
    asked,
    recording,
    options.verify,
  );
  attachment = mine;
  const orClose = (does: () => void) => {
    try {
      does();
    } catch (error) {
      mine.close();
      if (attachment === mine) attachment = undefined;
      throw listenError(error, hostname, ports);
    }
  };
  orClose(() => mine.begin());
  return () => {
    orClose(() => mine.open());
    const why = mine.ownThreadReason;
    return { port: mine.port, servedBy: why === undefined ? "hub" : "thread", why };
  };
}

tellListening(() => currentAttachment() !== undefined);

function refuseIfListening(): void {
  // A thread that has lost its port has ended its listening by itself.
  const present = currentAttachment();
  if (present === undefined) return;
  const where = present.port > 0 ? ` on port ${present.port}` : "";
  throw new Deno.errors.Busy(
    `Cannot listen: this thread listens${where} already, call stopListening() before`,
  );
}

/** What the thread asks of the hub: the options, with the defaults of those that are not given. */
function askedOptions(port: number | undefined, options: ListenOptions): AskedOptions {
  const { ports = DEFAULT_PORTS, hostname, app = "", key, ...rest } = options;
  const {
    allowUnsigned = false,
    maxOverride = DEFAULT_MAX_OVERRIDE,
    maxLines = DEFAULT_MAX_LINES,
    verify,
    wireHandlers = [],
    signatures = "v2",
    recorder: _,
    ...given
  } = rest;
  // An option that is undefined counts as left out.
  const limits = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  requireGuard(hostname, key !== undefined || verify !== undefined || allowUnsigned);
  const range: PortRange = port === undefined ? ports : [port, port];
  checkRange(range);
  return {
    ...DEFAULT_LIMITS,
    ...limits,
    ports: range,
    isExact: port !== undefined,
    hostname,
    app,
    key,
    maxOverride,
    maxLines,
    wireHandlers,
    takesV1: signatures === "v1",
    verifies: verify !== undefined,
  };
}

/**
 * Frees the port of this thread (`logging.config.stopListening`), and returns once it is free. A
 * thread that serves itself and has been idle has it free only at its next turn of the event loop.
 * What has been applied stays, but for changes that were to end by themselves: these end now, since
 * nobody would take them back. If the thread does not listen, nothing is done.
 *
 * @example
 * ```ts
 * import { listen, stopListening } from "@logdial/logging";
 *
 * await listen();
 * stopListening();
 * ```
 */
export function stopListening(): void {
  attachment?.close();
  attachment = undefined;
}

/** What this thread listens with, undefined if it does not. */
export function currentAttachment(): Attachment | undefined {
  return attachment?.isClosed ? undefined : attachment;
}

/** The error in a class of `Deno.errors`, by which a program can tell it from others. */
function listenError(error: unknown, hostname: string | undefined, range: PortRange): Error {
  const reason = reasonOf(error);
  const hosts = hostname === undefined ? LOOPBACK : [hostname];
  // A port that is not allowed looks to the hub like one that is taken.
  const kind = mayListen(hosts, range)
    ? Object.values(Deno.errors).find((type) => error instanceof type)
    : Deno.errors.NotCapable;
  return new (kind ?? Error as ErrorConstructor)(`Cannot listen: ${reason}`, { cause: error });
}

function checkRange([first, last]: PortRange): void {
  for (const port of [first, last]) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new RangeError(
        `Cannot listen on port ${quote(port)}: it must be a whole number, 0 to 65535`,
      );
    }
  }
  if (first > last) {
    throw new RangeError(
      `Cannot listen on ports ${first} to ${last}: the first must not be higher`,
    );
  }
}
