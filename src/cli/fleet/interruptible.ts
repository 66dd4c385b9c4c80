/**
 * Runs `act` with a signal that Ctrl-C aborts, so that the command still tells what it has done. A
 * second Ctrl-C ends the command at once, as ever.
 */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const unlisten = () => Deno.removeSignalListener("SIGINT", interrupt);
  const interrupt = () => {
    unlisten();
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    return await act(controller.signal);
  } finally {
    unlisten();
  }
}
