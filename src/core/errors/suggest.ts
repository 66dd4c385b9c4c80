/** The question at the end of a message: whether that word was meant. */
export function didYouMean(word: string): string {
  return `did you mean "${word}"?`;
}

/**
 * The question of {@linkcode didYouMean} with the known word that is nearest to `word`; undefined
 * if none is near.
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const near = nearest(word, known);
  return near === undefined ? undefined : didYouMean(near);
}

/** The end of a message: the question of {@linkcode suggest}, or a list of all known words. */
export function suggestOrList(word: string, known: readonly string[]): string {
  return suggest(word, known) ?? `known are ${known.join(", ")}`;
}

/**
 * The known word that is nearest to another one, if any is near; letter case does not count.
 * `most` is how many letters may differ, a third of the known word's unless told otherwise.
 */
export function nearest(
  word: string,
  known: readonly string[],
  most?: number,
): string | undefined {
  const plain = simplify(word);
  const near = known.filter((one) => one !== word)
    .map((one) => [distanceTo(plain, simplify(one)), one] as const)
    .filter(([distance, one]) => distance <= (most ?? limitOf(one)))
    .sort(([a], [b]) => a - b)[0];
  return near?.[1];
}

/** Python's `disable_existing` and JavaScript's `disableExisting` are one word here. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, "");
}

function limitOf(word: string): number {
  return Math.max(1, word.length / 3);
}

/** How many letters must be changed, put in, left out or swapped with the next one. */
function distanceTo(a: string, b: string): number {
  // Words from outside may be very long: if the lengths differ too much, they are not compared.
  if (Math.abs(a.length - b.length) > limitOf(b)) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, change));
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
