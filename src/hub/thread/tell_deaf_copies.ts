import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { defaultManager, type Manager } from "../../core/loggers/manager.ts";
import { deafCopies } from "../../core/runtime/copies.ts";

const told = new Set<string>();

/**
 * Tells on stderr, once for each, of copies of the library that do not listen: whoever turns a level
 * would wait for lines of their loggers in vain. A rehearsal, on loggers of its own, tells nothing.
 */
export function tellDeafCopies(manager: Manager): void {
  if (manager !== defaultManager) return;
  for (const copy of deafCopies()) {
    if (told.has(copy)) continue;
    told.add(copy);
    writeDiagnostic(
      `logdial: this change does not reach the loggers of another copy of the library, ${copy}, ` +
        "which does not listen: have all import the same version, or let that one listen too\n",
    );
  }
}
