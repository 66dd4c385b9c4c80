/** How deep a file may nest: what reads it calls itself for each level. */
export const MOST_DEPTH = 1000;

const QUOTE = 0x22, BACKSLASH = 0x5c, OPEN = 0x5b, CLOSE = 0x5d, BIT = 0x20;

/** Where a text of JSON first nests deeper than `most` levels; undefined if it does not. */
export function findTooDeep(text: string, most: number): number | undefined {
  let depth = 0, isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) at += Number(code === BACKSLASH);
    // The two kinds of brackets differ from each other in one bit.
    else if ((code & ~BIT) === OPEN) depth++;
    else if ((code & ~BIT) === CLOSE) depth--;
    if (depth > most) return at;
  }
  return undefined;
}
