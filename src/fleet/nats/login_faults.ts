import { nodeModule } from "../../core/runtime/node_modules.ts";
import type { NatsOptions } from "./nats_connect.ts";

/** What the seed of an nkey is made of: the digits of its base 32. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** A user's seed: that it is one stands in its first letters. */
const USER_SEED = /^SU[A-Z2-7]{56}$/;
/** The texts between lines of dashes in a `.creds` file, as the library finds them. */
const BLOCKS = /-{3,}[^\n]*-{3,}\n\s*(\S+)\s*\n\s*-{3,}[^\n]*-{3,}/g;

/** What the text of an nkey's file must be; undefined if it is that. */
export function nkeyFault(text: string): string | undefined {
  const seed = text.trim();
  if (!USER_SEED.test(seed)) {
    return "the seed of a user's nkey and nothing else, which are 58 letters and digits after SU";
  }
  return isWhole(seed)
    ? undefined
    : "the seed of an nkey, whose checksum says that one is mistyped";
}

/** What the text of a `.creds` file must be; undefined if it is that. */
export function credsFault(text: string): string | undefined {
  const [jwt, seed] = [...text.replaceAll("\r\n", "\n").matchAll(BLOCKS)].map((found) => found[1]!);
  const isGood = jwt?.split(".").length === 3 && seed !== undefined &&
    nkeyFault(seed) === undefined;
  return isGood
    ? undefined
    : "credentials as nsc makes them: a user's JWT and the seed of its nkey, between lines of dashes";
}

/** What is wrong with texts for TLS. */
export interface TlsFault {
  /** The text that it is about. */
  readonly part: "ca" | "cert" | "key";
  /** What it must be. */
  readonly rule: string;
}

/** The first of the texts for TLS that is not what it must be; undefined if all are. */
export function tlsFault({ ca, cert, key }: NonNullable<NatsOptions["tls"]>): TlsFault | undefined {
  const { X509Certificate, createPrivateKey } = nodeModule("node:crypto");
  const own = cert === undefined ? undefined : orUndefined(() => new X509Certificate(cert));
  const secret = key === undefined ? undefined : orUndefined(() => createPrivateKey(key));
  if (ca !== undefined && orUndefined(() => new X509Certificate(ca)) === undefined) {
    return { part: "ca", rule: "certificates in PEM" };
  }
  if ((cert === undefined) !== (key === undefined)) {
    const part = cert === undefined ? "cert" : "key";
    return { part, rule: "given where the other one of cert and key is" };
  }
  if (cert !== undefined && own === undefined) {
    return { part: "cert", rule: "a certificate in PEM" };
  }
  if (key !== undefined && secret === undefined) {
    return { part: "key", rule: "a private key in PEM without a passphrase" };
  }
  return own === undefined || own.checkPrivateKey(secret!)
    ? undefined
    : { part: "key", rule: "the private key of the certificate, it is another one's" };
}

/** Whether the checksum of a seed is right: its last two bytes are the CRC-16 of the others. */
function isWhole(seed: string): boolean {
  const bits = Array.from(seed, (digit) => DIGITS.indexOf(digit).toString(2).padStart(5, "0"));
  const bytes = (bits.join("").match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  const [low, high] = bytes.splice(-2) as [number, number];
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x11021 : 0);
  }
  return crc === (high << 8 | low);
}

/** What a function returns; undefined if it throws, which says nothing that people understand. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
