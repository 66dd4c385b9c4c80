/** Whether a stream is a terminal, as Python's `isatty` tells. */
export function isTerminal(stream: unknown): boolean {
  const { isTerminal } = (stream ?? {}) as { isTerminal?: unknown };
  return typeof isTerminal === "function" && isTerminal.call(stream) === true;
}

/** The terminal's escape sequence of some codes. */
export function escapeSequence(...codes: readonly number[]): string {
  return `\x1b[${codes.join(";")}m`;
}

/** The escape sequence that ends all styles. */
export const RESET: string = escapeSequence(0);

/** A text in a style, and the sequence that ends the style. */
export function styled(text: string, ...codes: readonly number[]): string {
  return codes.length === 0 ? text : `${escapeSequence(...codes)}${text}${RESET}`;
}
