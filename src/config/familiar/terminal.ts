/** Whether a stream is a terminal, as Python's `isatty` tells. */
export function isTerminal(stream: unknown): boolean {
  const { isTerminal } = (stream ?? {}) as { isTerminal?: unknown };
  return typeof isTerminal === "function" && isTerminal.call(stream) === true;
}

/** An escape sequence of those codes. */
export function escapeSequence(...codes: readonly number[]): string {
  return `\x1b[${codes.join(";")}m`;
}

/** What ends a style. */
export const RESET: string = escapeSequence(0);

/** Text in a style, which ends with it. */
export function styled(text: string, ...codes: readonly number[]): string {
  return codes.length === 0 ? text : `${escapeSequence(...codes)}${text}${RESET}`;
}
