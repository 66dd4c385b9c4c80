import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";

/** Tells on stderr what goes wrong after an answer, since nobody else would catch it. */
export function tellFailure(error: unknown): void {
  queueDiagnostic(`logdial: a change could not be followed: ${error}\n`);
}
