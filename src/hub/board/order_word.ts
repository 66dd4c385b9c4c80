/** What has become of something that the hub is asked for and a thread waits for. */
export const HEARD = 1, DONE = 2;

/**
 * Does what a thread asks for until the hub has heard it, and tells it in the word that the thread
 * waits for, if it does.
 */
export async function answerOnce(
  word: SharedArrayBuffer | undefined,
  does: () => Promise<void>,
): Promise<void> {
  const state = word && new Int32Array(word);
  // Asked twice.
  if (state && Atomics.compareExchange(state, 0, 0, HEARD) !== 0) return;
  await does();
  if (state === undefined) return;
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}
