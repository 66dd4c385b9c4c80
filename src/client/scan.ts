import { PROBE, QUICK_PROBE } from "../wire/frame.ts";
import { readStatus, type ThreadStatus } from "../wire/message.ts";
import { ShapeError } from "../wire/shape.ts";
import { exchange } from "./ask.ts";

/** Where to look for listeners. */
export interface ScanOptions {
  /** Host of the listeners. @default "127.0.0.1" */
  hostname?: string;
  /** Ports to try, all at once. @default 9001 to 9029 */
  ports?: readonly number[];
  /** Longest wait for each answer, in milliseconds. @default 2000 */
  timeout?: number;
}

/** What was found on a port. */
export type Found =
  /** A thread that logdial serves. */
  | { readonly port: number; readonly kind: "logdial"; readonly status: ThreadStatus }
  /** It closed without a word, as CPython's listener does. */
  | { readonly port: number; readonly kind: "silent" }
  /** Something else: `reason` says how it showed. */
  | { readonly port: number; readonly kind: "foreign"; readonly reason: string };

/** The options with nothing left open. */
export function scanDefaults(options: ScanOptions): Required<ScanOptions> {
  const ports = options.ports ?? Array.from({ length: 29 }, (_, index) => 9001 + index);
  return { hostname: "127.0.0.1", timeout: 2000, ...options, ports };
}

/**
 * Asks all ports at once who is there, without sending anything that could be taken for
 * a configuration; ports where nobody listens are left out.
 *
 * @throws {Error} The host cannot be reached at all, or asking is not allowed.
 */
export async function scan(options: ScanOptions = {}): Promise<Found[]> {
  const { ports, ...rest } = scanDefaults(options);
  const found = await Promise.all(ports.map((port) => probe(port, rest)));
  return found.filter((one) => one !== undefined);
}

/** Asks one port who is there; a quick question gets the levels as they were last known. */
export async function probe(
  port: number,
  { hostname, timeout }: { hostname: string; timeout: number },
  isQuick = false,
): Promise<Found | undefined> {
  const reply = await exchange(hostname, port, isQuick ? QUICK_PROBE : PROBE, timeout);
  switch (reply.kind) {
    case "refused":
      return undefined;
    case "failed":
      throw new Error(`Cannot reach ${hostname}:${port}: ${reply.reason}`);
    case "timeout":
      return { port, kind: "foreign", reason: "it does not answer" };
    case "endless":
      return { port, kind: "foreign", reason: "its answer is too long" };
    case "said":
      return describe(port, reply.text);
  }
}

function describe(port: number, text: string): Found {
  if (text === "") return { port, kind: "silent" };
  try {
    const status = readStatus(text);
    if (status !== undefined) return { port, kind: "logdial", status };
    return { port, kind: "foreign", reason: "it speaks another protocol" };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { port, kind: "foreign", reason: error.message };
  }
}
