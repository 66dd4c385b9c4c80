import { isServed, SERVED_SIGNALS } from "./is_served.ts";
import { EXIT_SIGNALS, ListenerCounts } from "./listener_counts.ts";

/** The part of Node's `process` that tells of listeners; it is there in Deno without import. */
interface NodeProcess {
  on(event: "newListener" | "removeListener", listener: (event: string) => void): void;
  listenerCount(event: string): number;
}

const counts = new ListenerCounts();
/** Listeners that Deno has, and that Node's `process` has, by signal. */
const denoListeners = new Map<string, Set<() => void>>();
const nodeListeners = new Map<string, number>();
let countsDeno = false, countsNode = false, countsServe = false;

/**
 * How many listeners this thread has for each of the exit signals, in shared memory: the hub
 * must know when a signal does not end the program, also while the thread computes.
 *
 * The runtime does not tell, so they are counted from the first call on. Those of Node's
 * `process` are known even from before.
 */
export function countSignalListeners(): SharedArrayBuffer {
  const { buffer } = countOnDemand();
  countNode();
  return buffer;
}

/**
 * As {@linkcode countSignalListeners}, but listeners of Node's `process` are counted only once the
 * hub wants to know of them.
 */
export function countOnDemand(): ListenerCounts {
  if (!countsDeno) {
    countsDeno = true;
    countDeno();
    void countServe();
    void counts.untilWanted().then(countNode);
  }
  return counts;
}

function countDeno(): void {
  const { addSignalListener, removeSignalListener } = Deno;
  replace("addSignalListener", (signal, listener) => {
    addSignalListener(signal, listener);
    const known = denoListeners.get(signal) ?? new Set();
    denoListeners.set(signal, known.add(listener));
    count(signal);
  });
  replace("removeSignalListener", (signal, listener) => {
    removeSignalListener(signal, listener);
    denoListeners.get(signal)?.delete(listener);
    count(signal);
  });
}

function replace(
  name: "addSignalListener" | "removeSignalListener",
  by: typeof Deno.addSignalListener,
): void {
  Object.defineProperty(by, "name", { value: name });
  // A program may have made it unwritable: then its listeners are not known.
  Reflect.set(Deno, name, by);
}

/** Counts the listener that `deno serve` has. */
async function countServe(): Promise<void> {
  if (!await isServed()) return;
  countsServe = true;
  SERVED_SIGNALS.forEach(count);
}

function countNode(): void {
  if (countsNode) return;
  countsNode = true;
  recountNode();
  counts.complete();
}

function recountNode(): void {
  const { process } = globalThis as { process?: NodeProcess };
  if (process === undefined) return;
  const recount = (signal: string, more: number) => {
    if (!(EXIT_SIGNALS as readonly string[]).includes(signal)) return;
    nodeListeners.set(signal, process.listenerCount(signal) + more);
    count(signal);
  };
  for (const signal of EXIT_SIGNALS) recount(signal, 0);
  // Node says so before it adds, and after it has removed.
  process.on("newListener", (event) => recount(event, 1));
  process.on("removeListener", (event) => recount(event, 0));
}

function count(signal: string): void {
  const index = (EXIT_SIGNALS as readonly string[]).indexOf(signal);
  if (index < 0) return;
  const served = Number(countsServe && SERVED_SIGNALS.includes(signal));
  const total = (denoListeners.get(signal)?.size ?? 0) + (nodeListeners.get(signal) ?? 0);
  counts.set(index, total + served);
}
