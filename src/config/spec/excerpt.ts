const LONGEST = 60;

/** Quotes a piece of a configuration for an error message; a long one is cut. */
export function excerpt(text: string): string {
  const points = Array.from(text.slice(0, 2 * LONGEST + 2));
  return JSON.stringify(
    points.length > LONGEST ? points.slice(0, LONGEST).join("") + "…" : text,
  );
}
