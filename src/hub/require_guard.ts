/**
 * Makes sure that nobody on another machine can change levels unasked: an address that others reach
 * needs a key or `verify`, unless the program allows unsigned changes.
 *
 * @throws {TypeError} Others reach the address, and nothing checks what they send.
 */
export function requireGuard(hostname: string | undefined, isLetIn: boolean): void {
  if (hostname === undefined || isLoopback(hostname) || isLetIn) return;
  throw new TypeError(
    `Cannot listen on ${hostname}: others than this machine need key or verify, or say allowUnsigned`,
  );
}

/** Whether only this machine reaches an address. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127\./.test(hostname);
}
