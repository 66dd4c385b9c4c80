import { holdThread } from "../fixtures/hold_thread.ts";

/**
 * Resolves by something that comes from other processes while this thread stands still for so many
 * milliseconds, as that of a program which is stopped, and needs a few milliseconds more to be looked
 * at, as what comes by a socket: meanwhile come all timers that are due.
 */
export async function comeMeanwhile(milliseconds: number): Promise<void> {
  const first = new Deno.Command("sleep", { args: ["0.01"] }).spawn();
  setTimeout(() => holdThread(milliseconds));
  await first.status;
  await new Deno.Command("true").output();
}
