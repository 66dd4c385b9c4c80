import { askedFor, asksOnly } from "./asked_for.ts";
import { UsedNonces } from "./used_nonces.ts";

/** Start of the line in front of a signed payload. */
const PREFIX = "logdial-signature: ";
/** How far a signature's time may be off, in milliseconds. */
const CLOCK_WINDOW_MS = 60_000;
/** Bytes of the longest signature line. */
const LONGEST_LINE = 200;
/** The error for a signature that is for another listener, or for an earlier one on this port. */
export const WRONG_INSTANCE = "the signature is for another listener, or for an earlier one here";

/** The listener that a signature is for. */
export interface SignatureTarget {
  /** The random text that it tells in its status; another one with every start. */
  readonly instance: string;
  /** The port that it tells in its status. */
  readonly port: number;
}

/** Which signatures a listener takes. */
export interface CheckOptions {
  /** The port that the signature has to be for. */
  readonly port: number;
  /** Whether it takes signatures that name no listener. */
  readonly takesV1: boolean;
}

/** The parts of a signature line. */
interface SignatureLine {
  readonly version: string;
  readonly time: number;
  readonly nonce: string;
  readonly mac: Uint8Array<ArrayBuffer>;
  /** The payload behind the line. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * Puts a signature in front of a payload: the line `logdial-signature: v2 TIME NONCE MAC`,
 * where MAC is the HMAC-SHA-256, in hex, of `v2 TIME NONCE INSTANCE PORT ` and the payload
 * under the key. TIME is in milliseconds since the epoch, INSTANCE and PORT are what the
 * listener tells in the probe.
 *
 * For a listener that tells no instance, as CPython's, it is version 1: MAC is of
 * `TIME NONCE ` and the payload.
 */
export async function sign(
  payload: Uint8Array,
  key: string,
  now: number = Date.now(),
  target?: SignatureTarget,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(16)));
  const signed = signedBytes(now, nonce, target, payload);
  const mac = await crypto.subtle.sign("HMAC", await importKey(key), signed);
  const version = target === undefined ? "v1" : "v2";
  const line = `${PREFIX}${version} ${now} ${nonce} ${toHex(new Uint8Array(mac))}\n`;
  return concat(encoder.encode(line), payload);
}

/** The payload without a signature line, if there is one. */
export function stripSignature(payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return readLine(payload)?.payload ?? payload;
}

/** A new instance for a listener. */
export function newInstance(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** Checks signatures, and that none is used twice. */
export class SignatureChecker {
  readonly #key: string;
  readonly #instance: string;
  readonly #start: number;
  readonly #nonces = new UsedNonces(CLOCK_WINDOW_MS);

  /** Takes the shared key, and which listener this is since when. */
  constructor(key: string, instance: string, start: number = Date.now()) {
    this.#key = key;
    this.#instance = instance;
    this.#start = start;
  }

  /**
   * The payload behind a good signature.
   *
   * @throws {Error} The signature is missing, wrong, for another listener, too old, or was
   * used before.
   */
  async check(
    payload: Uint8Array<ArrayBuffer>,
    { port, takesV1 }: CheckOptions,
    now: number = Date.now(),
  ): Promise<Uint8Array<ArrayBuffer>> {
    const line = readLine(payload);
    if (line === undefined) {
      const what = asksOnly(askedFor(payload)) ? "questions" : "changes";
      throw new Error(`this listener takes signed ${what} only`);
    }
    const { version, time, nonce } = line;
    if (version === "v1" && !takesV1) {
      throw new Error(
        'the signature is of version 1, which names no listener: sign as version 2, or listen with signatures: "v1"',
      );
    }
    await this.#checkMac(line, version === "v1" ? undefined : port);
    if (Math.abs(now - time) > CLOCK_WINDOW_MS) {
      const off = Math.round(Math.abs(now - time) / 1000);
      throw new Error(
        `the signature is off by ${off} s, at most ${CLOCK_WINDOW_MS / 1000} s may be`,
      );
    }
    if (version === "v1" && time < this.#start) {
      throw new Error("the signature is from before the listener's start");
    }
    this.#nonces.use(nonce, time, now);
    return line.payload;
  }

  async #checkMac({ time, nonce, mac, payload }: SignatureLine, port?: number): Promise<void> {
    const key = await importKey(this.#key);
    const target = port === undefined ? undefined : { instance: this.#instance, port };
    const signed = signedBytes(time, nonce, target, payload);
    // Web Crypto compares in constant time.
    if (await crypto.subtle.verify("HMAC", key, mac, signed)) return;
    const rule = "the signature is wrong, is the key the same?";
    throw new Error(target === undefined ? rule : `${rule} Or ${WRONG_INSTANCE}`);
  }
}

function readLine(payload: Uint8Array<ArrayBuffer>): SignatureLine | undefined {
  const end = payload.subarray(0, LONGEST_LINE).indexOf(0x0a);
  if (end < 0) return undefined;
  const text = new TextDecoder().decode(payload.subarray(0, end));
  if (!text.startsWith(PREFIX)) return undefined;
  const [, version, time, nonce, mac] =
    /^(v[12]) (\d{1,15}) ([0-9a-f]{32}) ([0-9a-f]{64})$/.exec(text.slice(PREFIX.length)) ?? [];
  if (version === undefined || nonce === undefined || mac === undefined) return undefined;
  const rest = payload.subarray(end + 1);
  return { version, time: Number(time), nonce, mac: fromHex(mac), payload: rest };
}

function signedBytes(
  time: number,
  nonce: string,
  target: SignatureTarget | undefined,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = target === undefined
    ? `${time} ${nonce} `
    : `v2 ${time} ${nonce} ${target.instance} ${target.port} `;
  return concat(encoder.encode(head), payload);
}

async function importKey(key: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, [
    "sign",
    "verify",
  ]);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
