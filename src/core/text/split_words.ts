/** The words of a command as `quoteWord` writes them: a text in quotes belongs to its word. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:'[^']*'|\\.|[^\s'\\])+/gs) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|\\(.)/gs, "$1$2"));
}
