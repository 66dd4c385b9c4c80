/** Values of the word in which the hub tells a waiting thread what has become of its request. */
export const HEARD = 1, DONE = 2;

/**
 * Hub: carries out a request once, though the thread repeats it until the hub has heard it. If the
 * thread waits for it, `word` tells the thread when it is heard and when it is done.
 */
export async function answerOnce(
  word: SharedArrayBuffer | undefined,
  does: () => Promise<void>,
): Promise<void> {
  const state = word && new Int32Array(word);
  // The request is a repetition.
  if (state && Atomics.compareExchange(state, 0, 0, HEARD) !== 0) return;
  await does();
  if (state === undefined) return;
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}
