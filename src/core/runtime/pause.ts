const NEVER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Resolves after so many milliseconds, at most some 5 late; keeps no thread alive.
 *
 * The first `setTimeout` of a thread takes 8 to 17 ms, since Deno then loads Node's timers:
 * too much for what every program does at its start.
 */
export async function pause(milliseconds: number): Promise<void> {
  const result = Atomics.waitAsync(NEVER, 0, 0, milliseconds);
  if (result.async) await result.value;
}
