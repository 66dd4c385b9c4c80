/**
 * First and last port that a thread may claim.
 *
 * @example
 * ```ts
 * import { listen, type PortRange, stopListening } from "@logdial/logging";
 *
 * const ports: PortRange = [0, 0]; // any free one
 * await listen(undefined, { ports });
 * stopListening();
 * ```
 */
export type PortRange = readonly [first: number, last: number];

/** The ports of the reference system (see `src/README.md`), which its sender scans. */
export const DEFAULT_PORTS: PortRange = [9001, 9029];

/**
 * Limits of a listener; times in milliseconds.
 *
 * @example
 * ```ts
 * import { listen, type ListenLimits, stopListening } from "@logdial/logging";
 *
 * const limits: Partial<ListenLimits> = { maxBytes: 65536, readTimeout: 1000 };
 * await listen(0, { ...limits });
 * stopListening();
 * ```
 */
export interface ListenLimits {
  /** Longest configuration, in bytes. @default 1048576 */
  maxBytes: number;
  /** Longest time for a request to arrive whole, in milliseconds. @default 5000 */
  readTimeout: number;
  /**
   * Longest wait for the thread, in milliseconds, before a change is reported as pending.
   * @default 250
   */
  answerTimeout: number;
  /**
   * How long a prepared change of `--atomic` waits for its sender to go on, in milliseconds.
   * @default 30000
   */
  prepareTimeout: number;
  /** Most connections to one process at a time. @default 128 */
  maxConnections: number;
}

/** The limits unless others are asked for. */
export const DEFAULT_LIMITS: ListenLimits = {
  maxBytes: 1 << 20,
  readTimeout: 5000,
  answerTimeout: 250,
  prepareTimeout: 30_000,
  maxConnections: 128,
};

/** What a thread asks of the hub. */
export interface AttachOptions extends ListenLimits {
  /** Ports to try, the lowest first; `[0, 0]` for any free one. */
  readonly ports: PortRange;
  /** Whether the thread is refused if it gets none of these ports, and never follows another. */
  readonly isExact: boolean;
  /** Address to listen on. */
  readonly hostname: string;
  /** Name of the program. */
  readonly app: string;
  /** Key that changes must be signed with. */
  readonly key?: string;
  /** Longest time that a temporary change may turn a logger below INFO, in milliseconds. */
  readonly maxOverride: number;
  /** Most lines that a process may log only thanks to such a change. */
  readonly maxLines: number;
  /** Whether it takes signatures of version 1, which name no listener. */
  readonly takesV1: boolean;
  /** Names of handler classes that changes may use which are neither signed nor verified. */
  readonly wireHandlers: readonly string[];
  /** Whether the thread looks at payloads before anyone else reads them. */
  readonly verifies: boolean;
}

/** Whether a thread lets in only what is signed, or what the program's own function has seen. */
export function isGuarded({ key, verifies }: Pick<AttachOptions, "key" | "verifies">): boolean {
  return key !== undefined || verifies;
}

/** What decides whether a sender may turn a thread, and may see what it has logged. */
export type Guards = Pick<AttachOptions, "key" | "verifies">;

/** Whether a sender whom one of `letInBy` has let in may see what a thread with these guards logs. */
export function areLetInTo({ key, verifies }: Guards, letInBy: readonly Guards[]): boolean {
  return letInBy.some((by) => (key === undefined || key === by.key) && (by.verifies || !verifies));
}

/** The default of `maxOverride`: an hour, in milliseconds. */
export const DEFAULT_MAX_OVERRIDE = 3_600_000;

/** The default of `maxLines`. */
export const DEFAULT_MAX_LINES = 1_000_000;

/** The loopback addresses of IPv4 and of IPv6: a host may have only one of them. */
export const LOOPBACK: readonly [string, string] = ["127.0.0.1", "::1"];
