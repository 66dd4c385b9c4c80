import type { RecordTap } from "./tree_context.ts";

/** Two that see the same records, each down to its own levels; with one, there is nobody between. */
export function joinedTaps<Logger>(
  first: RecordTap<Logger> | undefined,
  second: RecordTap<Logger> | undefined,
): RecordTap<Logger> | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return new JoinedTaps([first, second]);
}

/** It has records made, since not all of them can do without. */
class JoinedTaps<Logger> implements RecordTap<Logger> {
  readonly #taps: readonly RecordTap<Logger>[];

  constructor(taps: readonly RecordTap<Logger>[]) {
    this.#taps = taps;
  }

  levelFor(name: string): number {
    return Math.min(...this.#taps.map((tap) => tap.levelFor(name)));
  }

  take(...given: Parameters<RecordTap["take"]>): void {
    const [{ levelno, name }] = given;
    for (const tap of this.#taps) if (levelno >= tap.levelFor(name)) tap.take(...given);
  }
}
