/** Something with records that can still be sent when the program has nothing else to do. */
export interface Finishing {
  /** Begins to send them; returns whether the program has to wait for that. */
  finish(): boolean;
}

/** Senders that hold records now; those that hold none can be collected as garbage. */
const holding = new Set<Finishing>();
let isListening = false;

/**
 * Has `finish` called when the program has nothing else to do: so a program that only logs ends at
 * once, and does not wait until records are collected.
 */
export function holdEnd(finishing: Finishing): void {
  holding.add(finishing);
  if (isListening) return;
  isListening = true;
  globalThis.addEventListener("beforeunload", (event) => {
    let isBusy = false;
    for (const one of holding) isBusy = one.finish() || isBusy;
    // This keeps the program alive until the records are sent.
    if (isBusy) event.preventDefault();
  });
}

/** Forgets an object that holds no records any more. */
export function letEnd(finishing: Finishing): void {
  holding.delete(finishing);
}
