/** What holds records that can still go out when the program has nothing else to do. */
export interface Finishing {
  /** Begins to send them; whether the program has to wait for that. */
  finish(): boolean;
}

/** Only those that hold something: what nobody uses any more can go. */
const holding = new Set<Finishing>();
let isListening = false;

/**
 * Asks it to finish when the program has nothing else to do: so a program that only logs ends
 * at once, and does not wait for records to be collected.
 */
export function holdEnd(finishing: Finishing): void {
  holding.add(finishing);
  if (isListening) return;
  isListening = true;
  globalThis.addEventListener("beforeunload", (event) => {
    let isBusy = false;
    for (const one of holding) isBusy = one.finish() || isBusy;
    // The program goes on, and ends when that is done.
    if (isBusy) event.preventDefault();
  });
}

/** It holds nothing any more. */
export function letEnd(finishing: Finishing): void {
  holding.delete(finishing);
}
