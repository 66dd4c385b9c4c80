/** Bytes of the length in front of a payload. */
const HEADER_BYTES = 4;

/** Bytes that are read at once: most requests fit. */
const FIRST_BYTES = 4096;

/** The probe, which asks for a thread's status: it is too short for a frame, so CPython just closes. */
export const PROBE: Uint8Array<ArrayBuffer> = new TextEncoder().encode("?\n");

/** The quick probe: the thread is not asked, so the answer has its levels as last known. */
export const QUICK_PROBE: Uint8Array<ArrayBuffer> = new TextEncoder().encode("!\n");

/** A request that {@linkcode readRequest} has read from a connection. */
export type Request =
  | { readonly kind: "frame"; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: "probe"; readonly isQuick: boolean }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly reason: string };

/** Something to read from, such as `Deno.Conn`. */
export interface Readable {
  /** Reads some bytes; `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

/**
 * A payload with its length in front, 4 bytes, big-endian, unsigned
 * (`logging.config.listen`).
 *
 * @example
 * ```ts
 * import { encodeFrame } from "./frame.ts";
 *
 * console.log(encodeFrame(new TextEncoder().encode("hi"))); // 0 0 0 2 104 105
 * ```
 */
export function encodeFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Reads one request, however it is split into packets.
 *
 * Differs from CPython: that drops a frame whose header arrives in two packets, and
 * spins for ever on one that ends early.
 */
export async function readRequest(from: Readable, maxBytes: number): Promise<Request> {
  const buffer = new Uint8Array(FIRST_BYTES);
  const got = await readHeader(from, buffer);
  const header = buffer.subarray(0, HEADER_BYTES);
  if (got === 0) return { kind: "nothing" };
  if (got < HEADER_BYTES) {
    if (isSame(PROBE, header, got)) return { kind: "probe", isQuick: false };
    if (isSame(QUICK_PROBE, header, got)) return { kind: "probe", isQuick: true };
    return { kind: "refused", reason: `the length ended after ${got} of ${HEADER_BYTES} bytes` };
  }
  const length = new DataView(header.buffer).getUint32(0);
  if (length > maxBytes) {
    const hint = looksLikeText(header) ? ", is the sender speaking another protocol?" : "";
    return {
      kind: "refused",
      reason: `a length of ${length} bytes is over the limit of ${maxBytes}${hint}`,
    };
  }
  const begin = { bytes: buffer.subarray(HEADER_BYTES), got: got - HEADER_BYTES };
  const payload = await readPayload(from, length, begin);
  if (payload.length < length) {
    return {
      kind: "refused",
      reason: `the frame ended after ${payload.length} of ${length} bytes`,
    };
  }
  return { kind: "frame", payload };
}

/** Reads on from `begin`; memory grows with what arrives, and not by the length that is claimed. */
async function readPayload(
  from: Readable,
  length: number,
  begin: { readonly bytes: Uint8Array<ArrayBuffer>; readonly got: number },
): Promise<Uint8Array<ArrayBuffer>> {
  let { bytes: payload, got } = begin;
  while (got < length) {
    if (got === payload.length) {
      const larger = new Uint8Array(Math.min(length, payload.length * 2));
      larger.set(payload);
      payload = larger;
    }
    const count = await from.read(payload.subarray(got));
    if (count === null) break;
    got += count;
  }
  // What follows a frame is not looked at.
  return payload.subarray(0, Math.min(got, length));
}

/** Reads the header, and what has come with it. */
async function readHeader(from: Readable, into: Uint8Array): Promise<number> {
  let got = 0;
  while (got < HEADER_BYTES) {
    const count = await from.read(into.subarray(got));
    if (count === null) break;
    got += count;
  }
  return got;
}

function isSame(probe: Uint8Array, header: Uint8Array, got: number): boolean {
  return got === probe.length && probe.every((byte, index) => byte === header[index]);
}

function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
