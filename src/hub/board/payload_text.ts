import { ConfigError } from "../../core/errors/config_error.ts";
import { quote } from "../../core/errors/quote.ts";
import { onRejection } from "../../core/values/on_rejection.ts";

/**
 * Looks at a payload before anything else does, and returns what is to be read instead, or
 * null to refuse it.
 *
 * @example
 * ```ts
 * import { listen, stopListening, type Verify } from "@logdial/logging";
 *
 * const verify: Verify = (payload) => payload.length < 1000 ? payload : null;
 * await listen(0, { verify });
 * stopListening();
 * ```
 */
export type Verify = (payload: Uint8Array<ArrayBuffer>) => Uint8Array | null;

/** A byte order mark stays, so that the reader of the text can name it. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a payload that the program's own function has let through.
 *
 * @throws {ConfigError} It has not, or what it returned is no text, or longer than any that comes
 * by itself.
 */
export function verifiedText(payload: string, verify: Verify, maxBytes: number): string {
  const verified: unknown = verify(Uint8Array.from(atob(payload), (char) => char.charCodeAt(0)));
  if (verified === null) {
    throw new ConfigError("Cannot take the change: the program's verify has refused it");
  }
  if (verified instanceof Uint8Array) {
    // The length comes first: else the text would be copied to the hub, and be as long in each report.
    if (verified.byteLength > maxBytes) {
      throw new ConfigError(tooLong(verified.byteLength, maxBytes));
    }
    return decodeText(verified);
  }
  // It is refused, whatever comes of it later.
  onRejection(verified, () => {});
  throw new ConfigError(
    "Cannot take the change: the program's verify must return bytes, or null to refuse it, at " +
      `once; it returned ${quote(verified)}`,
  );
}

function tooLong(length: number, maxBytes: number): string {
  return `Cannot take the change: the program's verify returned ${length} bytes, over the limit ` +
    `of ${maxBytes}; where that is meant, set option "maxBytes" of listen`;
}

/**
 * The text in a payload.
 *
 * @throws {ConfigError} It is not UTF-8.
 */
export function decodeText(payload: Uint8Array): string {
  try {
    return DECODER.decode(payload);
  } catch (cause) {
    throw new ConfigError("Cannot read the configuration: it is not UTF-8", { cause });
  }
}

/** Bytes as they travel on a board. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // Pieces are taken, since a call has a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
