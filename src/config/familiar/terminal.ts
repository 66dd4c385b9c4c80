/** Whether a stream is a terminal, as Python's `isatty` tells. */
export function isTerminal(stream: unknown): boolean {
  const { isTerminal } = (stream ?? {}) as { isTerminal?: unknown };
  return typeof isTerminal === "function" && isTerminal.call(stream) === true;
}

/** A variable of the environment, undefined where the program may not read it. */
export function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/** An escape sequence of those codes. */
export function escapeSequence(...codes: readonly number[]): string {
  return `\x1b[${codes.join(";")}m`;
}

/** Text in a style, which ends with it. */
export function styled(text: string, ...codes: readonly number[]): string {
  return codes.length === 0 ? text : `${escapeSequence(...codes)}${text}\x1b[0m`;
}
