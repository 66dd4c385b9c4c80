/** Longest wait for anything in these tests; reaching it fails the test. */
export const DEADLINE_MS = 25_000;

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
 * Asks again until the answer is not undefined: for what another process does unasked and
 * cannot be awaited, such as the freeing of a port.
 */
export async function eventually<T>(
  what: string | (() => string),
  ask: () => T | undefined | Promise<T | undefined>,
  milliseconds = DEADLINE_MS,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) {
      const wanted = typeof what === "string" ? what : what();
      throw new Error(`Waited ${milliseconds} ms for ${wanted}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
