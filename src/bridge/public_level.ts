import { writeDiagnostic } from "../core/io/diagnostics.ts";
import type { Dial } from "../core/loggers/dial.ts";

/**
 * Tells that a logger is turned by nothing but the level that its library offers to everybody: its
 * inside is not as the bridge knows it.
 */
export function tellPublicLevel(kind: string, name: string): void {
  writeDiagnostic(
    `logdial: cannot look into this version of ${kind}: the level of "${name}" is set once its ` +
      "thread yields, and scopes, budgets, tail and the recorder do not know it\n",
  );
}

/**
 * Sets a library's level whenever that of the dial has changed, and now; the
 * function that is given back ends that.
 */
export function followLevel(dial: Dial, setLevel: (levelno: number) => void): () => void {
  let level = NaN;
  const follow = () => {
    // Else it would take back what the program has set by the library's own means.
    if (dial.level !== level) setLevel(level = dial.level);
  };
  follow();
  return dial.follow(follow);
}
