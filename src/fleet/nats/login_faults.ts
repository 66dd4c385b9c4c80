import { nodeModule } from "../../core/runtime/node_modules.ts";

/** What the seed of an nkey is made of: the digits of its base 32. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** A user's seed: that it is one stands in its first letters. */
const USER_SEED = /^SU[A-Z2-7]{56}$/;
/** The texts between lines of dashes in a `.creds` file. */
const BLOCKS = /-{3,}[^\n]*-{3,}\n\s*(\S+)\s*\n\s*-{3,}[^\n]*-{3,}/g;
/** The first certificate in a text of PEM, and the first private key: one file may have both. */
const CERTIFICATE = /^-----BEGIN [A-Z\d ]*CERTIFICATE-----.*?^-----END [^\n]*/ms;
const PRIVATE_KEY = /^-----BEGIN [A-Z\d ]*PRIVATE KEY-----.*?^-----END [^\n]*/ms;

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
  const { jwt, seed } = readCreds(text);
  return jwt.split(".").length === 3 && nkeyFault(seed) === undefined
    ? undefined
    : "credentials as nsc makes them: a user's JWT and the seed of its nkey, between lines of dashes";
}

/**
 * What is in the text of a `.creds` file, empty where it is missing. The library, which reads such
 * texts too, finds nothing in one whose lines end as on Windows, or whose last line has no end.
 */
export function readCreds(text: string): { jwt: string; seed: string } {
  const [jwt = "", seed = ""] = [...text.replaceAll("\r\n", "\n").matchAll(BLOCKS)]
    .map((found) => found[1]!);
  return { jwt, seed };
}

/** Texts for TLS, in PEM. */
type TlsTexts = { readonly [Part in "ca" | "cert" | "key"]?: string };

/** What is wrong with texts for TLS. */
export interface TlsFault {
  /** The text that it is about. */
  readonly part: keyof TlsTexts;
  /** What it must be. */
  readonly rule: string;
}

/** The first of the texts for TLS that is not what it must be; undefined if all are. */
export function tlsFault({ ca, cert, key }: TlsTexts): TlsFault | undefined {
  const { X509Certificate, createPrivateKey } = nodeModule("node:crypto");
  const certificateIn = (text = "") =>
    orUndefined(() => new X509Certificate(find(text, CERTIFICATE)));
  const own = certificateIn(cert);
  const secret = orUndefined(() => createPrivateKey(find(key ?? "", PRIVATE_KEY)));
  if (ca !== undefined && certificateIn(ca) === undefined) {
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

/** The first part of a text that fits; empty if none does. */
function find(text: string, part: RegExp): string {
  return part.exec(text)?.[0] ?? "";
}

/** What a function returns; undefined if it throws, which says nothing that people understand. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
