/** The known word that may have been meant by another one, as a question. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const near = nearest(word, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** The known word that is nearest to another one, if any is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((one) => [editDistance(word, one), one] as const)
    .filter(([distance, one]) => distance > 0 && distance <= Math.max(1, one.length / 3))
    .sort(([a], [b]) => a - b)[0];
  return near?.[1];
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
