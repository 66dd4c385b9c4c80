import { encodeFrame } from "../wire/frame.ts";
import {
  type Ack,
  type ChangeError,
  type ChangeStatus,
  type Levels,
  parseAck,
} from "../wire/message.ts";
import { exchange } from "./exchange.ts";
import { type Found, probe, scanDefaults, type ScanOptions } from "./scan.ts";

/** What became of a configuration on one port. */
export interface Delivery {
  readonly port: number;
  /** `unconfirmed`: taken without a word, as CPython does; `skipped`: not sent at all. */
  readonly outcome: ChangeStatus | "unconfirmed" | "skipped";
  /** Name of the thread, undefined for CPython and strangers. */
  readonly name?: string;
  readonly pid?: number;
  /** Own levels of loggers before and after. */
  readonly previous?: Levels;
  readonly levels?: Levels;
  /** Why it was rejected or skipped. */
  readonly error?: ChangeError;
}

/**
 * Sends a configuration to all listeners on the ports, all at once; ports where nobody
 * listens are left out of the answer.
 *
 * Each port is asked first who is there, so that a foreign service gets no payload.
 *
 * @throws {Error} The host cannot be reached at all, or sending is not allowed.
 */
export async function send(text: string, options: ScanOptions = {}): Promise<Delivery[]> {
  const { ports, ...rest } = scanDefaults(options);
  const frame = encodeFrame(new TextEncoder().encode(text));
  const deliveries = await Promise.all(ports.map(async (port) => {
    const found = await probe(port, rest);
    return found === undefined ? undefined : await deliver(found, frame, rest);
  }));
  return deliveries.filter((one) => one !== undefined);
}

async function deliver(
  found: Found,
  frame: Uint8Array,
  { hostname, timeout }: { hostname: string; timeout: number },
): Promise<Delivery> {
  const { port } = found;
  if (found.kind === "foreign") {
    return {
      port,
      outcome: "skipped",
      error: { message: `Not a logging server: ${found.reason}` },
    };
  }
  const who = found.kind === "logdial" ? { name: found.status.name, pid: found.status.pid } : {};
  const reply = await exchange(hostname, port, frame, timeout);
  switch (reply.kind) {
    case "closed":
      return { port, ...who, ...readAnswer(found.kind, reply.text) };
    case "timeout":
      return { port, ...who, outcome: "unconfirmed" };
    case "refused":
      return { port, ...who, outcome: "skipped", error: { message: "It has gone meanwhile" } };
    case "failed":
      return { port, ...who, outcome: "skipped", error: { message: reply.reason } };
  }
}

function readAnswer(kind: "logdial" | "silent", text: string): Omit<Delivery, "port"> {
  const ack: Ack | undefined = kind === "logdial" ? parseAck(text) : undefined;
  if (ack === undefined) return { outcome: "unconfirmed" };
  const { status, name, pid, previous, levels, error } = ack;
  return { outcome: status, name, pid, previous, levels, error };
}
