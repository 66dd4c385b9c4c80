/**
 * Whether an error only says that the other side has closed the connection, at whatever moment: even
 * `connect` may end in `NotConnected` if the other side closes just then.
 */
export function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected;
}
