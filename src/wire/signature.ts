/** Start of the line in front of a signed payload. */
const PREFIX = "logdial-signature: v1 ";
/** How far a signature's time may be off, in milliseconds. */
export const CLOCK_WINDOW_MS = 60_000;
/** Bytes of the longest signature line. */
const LONGEST_LINE = 200;

/** What a signature line says. */
interface SignatureLine {
  readonly time: number;
  readonly nonce: string;
  readonly mac: Uint8Array<ArrayBuffer>;
  /** The payload behind the line. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * Puts a signature in front of a payload: the line
 * `logdial-signature: v1 TIME NONCE MAC`, where MAC is the HMAC-SHA-256, in hex, of
 * `TIME NONCE ` and the payload under the key. TIME is in milliseconds since the epoch.
 */
export async function sign(
  payload: Uint8Array,
  key: string,
  now: number = Date.now(),
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(16)));
  const signed = signedBytes(now, nonce, payload);
  const mac = await crypto.subtle.sign("HMAC", await importKey(key), signed);
  const line = encoder.encode(`${PREFIX}${now} ${nonce} ${toHex(new Uint8Array(mac))}\n`);
  return concat(line, payload);
}

/** The payload without a signature line, if there is one. */
export function stripSignature(payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return readLine(payload)?.payload ?? payload;
}

/** Checks signatures, and that none is used twice. */
export class SignatureChecker {
  readonly #key: string;
  /** Nonces by the time from which they cannot be used any more anyway. */
  readonly #used = new Map<string, number>();

  /** Takes the shared key. */
  constructor(key: string) {
    this.#key = key;
  }

  /**
   * The payload behind a good signature.
   *
   * @throws {Error} The signature is missing, wrong, too old, or was used before.
   */
  async check(
    payload: Uint8Array<ArrayBuffer>,
    now: number = Date.now(),
  ): Promise<Uint8Array<ArrayBuffer>> {
    const line = readLine(payload);
    if (line === undefined) throw new Error("this listener takes signed changes only");
    const { time, nonce, mac } = line;
    const signed = signedBytes(time, nonce, line.payload);
    // Web Crypto compares in constant time.
    if (!await crypto.subtle.verify("HMAC", await importKey(this.#key), mac, signed)) {
      throw new Error("the signature is wrong, is the key the same?");
    }
    if (Math.abs(now - time) > CLOCK_WINDOW_MS) {
      const off = Math.round(Math.abs(now - time) / 1000);
      throw new Error(
        `the signature is off by ${off} s, at most ${CLOCK_WINDOW_MS / 1000} s may be`,
      );
    }
    this.#forget(now);
    if (this.#used.has(nonce)) throw new Error("the signature was used before");
    this.#used.set(nonce, time + 2 * CLOCK_WINDOW_MS);
    return line.payload;
  }

  #forget(now: number): void {
    for (const [nonce, until] of this.#used) {
      if (until < now) this.#used.delete(nonce);
    }
  }
}

function readLine(payload: Uint8Array<ArrayBuffer>): SignatureLine | undefined {
  const end = payload.subarray(0, LONGEST_LINE).indexOf(0x0a);
  if (end < 0) return undefined;
  const text = new TextDecoder().decode(payload.subarray(0, end));
  if (!text.startsWith(PREFIX)) return undefined;
  const [, time, nonce, mac] =
    /^(\d{1,15}) ([0-9a-f]{32}) ([0-9a-f]{64})$/.exec(text.slice(PREFIX.length)) ?? [];
  if (time === undefined || nonce === undefined || mac === undefined) return undefined;
  return { time: Number(time), nonce, mac: fromHex(mac), payload: payload.subarray(end + 1) };
}

function signedBytes(time: number, nonce: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(encoder.encode(`${time} ${nonce} `), payload);
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
