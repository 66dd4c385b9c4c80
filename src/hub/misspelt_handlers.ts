import { defaultRegistry } from "../config/build/registry.ts";
import { meantHandler } from "../config/build/wire_policy.ts";
import { quote } from "../core/errors/quote.ts";
import { didYouMean } from "../core/errors/suggest.ts";
import { writeDiagnostic } from "../core/io/diagnostics.ts";

/** The names that were told. */
const told = new Set<string>();

/**
 * Tells on stderr of names of `wireHandlers` that are nearly those of a handler's class, each once.
 * They are not refused, since a class may be registered later.
 */
export function tellMisspeltHandlers(wireHandlers: readonly string[]): void {
  for (const name of wireHandlers) {
    const meant = meantHandler(name, defaultRegistry.names("handler"));
    if (meant === undefined || told.has(name)) continue;
    told.add(name);
    writeDiagnostic(
      `logdial: ${quote(name)} of wireHandlers is no handler class here, ${didYouMean(meant)}\n`,
    );
  }
}
