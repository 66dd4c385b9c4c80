/** Where a character goes, so that the engine does not leave the look at it out. */
const LOOK = new Uint16Array(1);

/**
 * The same text in one piece: the engine keeps what is put together as pieces and joins them
 * whenever it is written, which is dear for what is kept and written often.
 */
export function flat(text: string): string {
  // Looking at a character joins the pieces.
  LOOK[0] = text.charCodeAt(0);
  return text;
}
