/**
 * Whether an error only says that the other side has left, at whatever moment: even
 * connecting may end in `NotConnected` when it closes just then.
 */
export function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected;
}
