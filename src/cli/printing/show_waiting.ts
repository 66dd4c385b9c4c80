/** Shows on the terminal how long a command still waits, while it does. */
export async function showWaiting<T>(wait: number | undefined, task: Promise<T>): Promise<T> {
  if (!wait || !Deno.stderr.isTerminal()) return await task;
  const end = performance.now() + wait;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    write(`\r\x1b[Kwaiting for threads that compute, ${left} s left`);
  };
  // A thread that answers at once leaves nothing to look at.
  const timer = setInterval(show, 250);
  try {
    return await task;
  } finally {
    clearInterval(timer);
    write("\r\x1b[K");
  }
}

function write(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
