/**
 * The words of a line as a shell reads them, without quotes and backslashes. After a blank at the end
 * there is an empty word. A quote may still be open.
 */
export function splitLine(line: string): string[] {
  const words: string[] = [""];
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!, last = words.length - 1;
    if (character === "\\" && quote !== "'") words[last] += line[++at] ?? "";
    else if (character === quote) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (quote === "" && /\s/.test(character)) {
      if (/\S/.test(line[at - 1] ?? " ")) words.push("");
    } else words[last] += character;
  }
  return words;
}
