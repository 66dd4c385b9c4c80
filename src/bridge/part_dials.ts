import { writeDiagnostic } from "../core/io/diagnostics.ts";
import { bridgedBy } from "../core/loggers/bridged.ts";
import type { Dial, DialOptions } from "../core/loggers/dial.ts";
import { getLogger } from "../core/loggers/module_functions.ts";
import { dialIfFree } from "./dial_for.ts";

/**
 * Makes loggers of the tree for the parts of a library's logger, such as children and namespaces,
 * which come up while the program runs. A log call must not throw because such a logger cannot be
 * made; and a program that makes up names must not take memory without end.
 *
 * @internal
 */
export class PartDials {
  readonly #kind: string;
  readonly #most: number;
  #count = 0;
  #hasToldMost = false;
  /** Names of other libraries that have been told. */
  readonly #told = new Set<string>();

  /** Makes loggers for at most so many parts of a library. */
  constructor(kind: string, most: number) {
    this.#kind = kind;
    this.#most = most;
  }

  /** The dial of a part; undefined if it cannot be a logger of its own, which is told once. */
  make(name: string): Dial | undefined {
    if (this.#count >= this.#most) return this.#tellMost(name);
    const dial = dialIfFree(name, this.#kind);
    if (dial === undefined) return this.#tellTaken(name);
    this.#count++;
    return dial;
  }

  #tellMost(name: string): undefined {
    if (this.#hasToldMost) return;
    this.#hasToldMost = true;
    writeDiagnostic(
      `logdial: cannot turn "${name}" by itself: a bridge of ${this.#kind} makes at most ` +
        `${this.#most} loggers; this part and those after it keep the levels that the program ` +
        "gives them, and follow the logger above where it gives none\n",
    );
  }

  #tellTaken(name: string): undefined {
    if (this.#told.has(name)) return;
    this.#told.add(name);
    tellTaken(this.#kind, name);
  }
}

/**
 * The dial of a part that is made once. If its name is another library's, that is told, and the dial
 * keeps the part's own level, or follows the dial above.
 *
 * @internal
 */
export function dialOfPart(
  name: string,
  kind: string,
  above: Dial,
  level: number,
  options: DialOptions = {},
): Dial {
  const dial = dialIfFree(name, kind, options);
  if (dial === undefined) tellTaken(kind, name);
  return dial ?? above.fixed(level);
}

/** Tells that a part of a library is no logger of its own, since another library has the name. */
function tellTaken(kind: string, name: string): void {
  const other = bridgedBy(getLogger(name))?.kind;
  writeDiagnostic(
    `logdial: cannot turn "${name}" for ${kind}: ${other} is bridged to that name; this part ` +
      "keeps the level that the program gives it, and follows the logger above where it gives " +
      "none; give one of the two bridges another name\n",
  );
}
