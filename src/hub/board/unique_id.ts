/**
 * A name that nothing else in the process has. It can be guessed, since it does without `crypto`:
 * that would cost every program that listens 5 ms at its start.
 */
export function uniqueId(): string {
  const random = () => Math.random().toString(36).slice(2);
  return `${performance.timeOrigin}-${random()}-${random()}`;
}
