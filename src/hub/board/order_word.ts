/** The word's value once the hub has heard a request; 0 before that. */
const HEARD = 1;
/** The word's value once the hub has carried out a request. */
export const DONE = 2;

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
  if (state) Atomics.notify(state, 0);
  await does();
  if (state === undefined) return;
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}
