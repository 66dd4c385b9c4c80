/**
 * A name that nothing else of the process has. It is no secret: `crypto` takes Deno 5 ms to set
 * up, at the start of every program that listens.
 */
export function uniqueId(): string {
  const random = () => Math.random().toString(36).slice(2);
  return `${performance.timeOrigin}-${random()}-${random()}`;
}
