import { excerpt } from "../spec/excerpt.ts";

/** Thrown for a text that is no Python literal, or none that a configuration may have. */
export class LiteralError extends SyntaxError {
  override readonly name = "LiteralError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** 1-based place in the whole text, in code points; a line end counts as one. */
  readonly column: number;
  /** The name that is not registered, if this is the fault. */
  readonly unknownName: string | undefined;

  /** Builds the message from the reason and the UTF-16 `index` in `text`. */
  constructor(reason: string, text: string, index: number, unknownName?: string) {
    const column = Array.from(text.slice(0, index)).length + 1;
    super(`Cannot read Python literal: ${reason} (column ${column})`);
    this.reason = reason;
    this.column = column;
    this.unknownName = unknownName;
  }
}

/** Ends every error about code that would have to be evaluated. */
export const NO_CODE = "only literals and registered names are allowed (no code is evaluated)";

/** What is wrong with a name that nothing is registered as, and the way out. */
export function unregistered(name: string): string {
  const shown = excerpt(name);
  return `unknown name ${shown}: names are limited to the registered ones, ` +
    `registerObject(${shown}, …) makes it known`;
}
