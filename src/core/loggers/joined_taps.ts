import type { RecordTap } from "./tree_context.ts";

/** Joins two taps that see the same records, each down to its own levels; one tap stays as it is. */
export function joinedTaps<Logger>(
  first: RecordTap<Logger> | undefined,
  second: RecordTap<Logger> | undefined,
): RecordTap<Logger> | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return new JoinedTaps([first, second]);
}

/** Two taps as one. It has no `takePlain`, since both taps need the record. */
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
