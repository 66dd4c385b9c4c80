/**
 * Longest wait for anything in these tests; reaching it fails the test, however busy the machine is.
 * It is shorter than the 45 seconds after which an agent of a fleet reads by itself what it was not
 * told, and than the minute after which programs of tests end by themselves.
 */
export const DEADLINE_MS = 40_000;

/** What `promise` brings, or an error that says what was waited for. */
export async function within<T>(
  promise: Promise<T>,
  describe: () => string,
  milliseconds = DEADLINE_MS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Waited ${milliseconds} ms for ${describe()}`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What `promise` brings, however long that takes, as long as something moves: `look` sees
 * something else from time to time. For long work, whose time depends on what else the
 * machine does.
 */
export async function whileAdvancing<T>(
  promise: Promise<T>,
  what: string,
  look: () => string,
): Promise<T> {
  let seen = look(), since = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const now = performance.now(), sight = look();
      if (sight !== seen) [seen, since] = [sight, now];
      else if (now - since > DEADLINE_MS) {
        reject(new Error(`Nothing has moved for ${DEADLINE_MS} ms, waiting for ${what}: ${seen}`));
      }
    }, 1000);
  });
  try {
    return await Promise.race([promise, stalled]);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Asks again until the answer is not undefined. It is for events in another process that cannot be
 * awaited, such as the freeing of a port. The longer it has waited, the less often it asks, since
 * each question may cost both processes more than the event itself.
 */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => T | undefined | Promise<T | undefined>,
  milliseconds = DEADLINE_MS,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const waited = performance.now() - start;
    if (waited > milliseconds) {
      const wanted = typeof what === "string" ? what : what();
      throw new Error(`Waited ${milliseconds} ms for ${wanted}`);
    }
    const pause = Math.min(Math.max(5, waited / 10), 50);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
