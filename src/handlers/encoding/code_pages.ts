/** Python's names, without `-` and `_`, of code pages that the platform can decode too. */
const LABELS: Readonly<Record<string, string>> = {
  cp866: "ibm866",
  ibm866: "ibm866",
  koi8r: "koi8-r",
  koi8u: "koi8-u",
};

/** Stands for no character. */
const GAP = 0xfffd;

/** Bytes that stand for another character in Python than on the Web, or for none. */
const PYTHONS: Readonly<Record<string, ReadonlyMap<number, number>>> = {
  "koi8-u": new Map([[0xae, 0x255d], [0xbe, 0x256c]]),
  "windows-1255": new Map([[0xca, GAP]]),
};

/**
 * The bytes of a one-byte encoding's characters, undefined if it is not known; the key
 * is the name in lower case without `-` and `_`.
 */
export function codePageOf(key: string): ReadonlyMap<number, number> | undefined {
  const label = labelOf(key);
  if (label === undefined) return undefined;
  const decoder = new TextDecoder(label), own = PYTHONS[label];
  const bytes = new Map<number, number>();
  for (let byte = 0; byte < 0x100; byte++) {
    const code = own?.get(byte) ?? decoder.decode(new Uint8Array([byte])).codePointAt(0)!;
    // Where the Web has put control characters into a page's gaps, Python has gaps.
    const isGap = code === GAP ||
      (label.startsWith("windows") && code >= 0x80 && code < 0xa0);
    if (!isGap) bytes.set(code, byte);
  }
  return bytes;
}

function labelOf(key: string): string | undefined {
  const windows = /^(?:cp|windows)(125[0-8])$/.exec(key);
  if (windows !== null) return `windows-${windows[1]}`;
  // Parts 1, 9 and 11 are other code pages on the Web, part 12 does not exist.
  const part = /^iso8859([2-8]|10|13|14|15|16)$/.exec(key);
  if (part !== null) return `iso-8859-${part[1]}`;
  return Object.hasOwn(LABELS, key) ? LABELS[key] : undefined;
}
