/** Emoji join others by these, and choose their colours: there they hide nothing. */
const IN_EMOJI = String
  .raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`;

/**
 * What a terminal obeys or does not show: control characters, line and paragraph separators,
 * marks that turn the direction of the text, characters without width (tags, fillers and
 * variation selectors among them), halves of surrogate pairs, and what is no character.
 */
function unseen(): RegExp {
  return known ??= new RegExp(
    String.raw`(?!${IN_EMOJI})` +
      String
        .raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Noncharacter_Code_Point}]`,
    "gu",
  );
}

/** Made when it is needed: sets of characters by their properties take a millisecond to read. */
let known: RegExp | undefined;

/** Most texts are this, and a look at them is cheap. */
const PLAIN = /^[\x20-\x7e]*$/;

const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** Stands before each line of a text but the first, so that none can pass for a line of its own. */
const NEXT_LINE = "\n  | ";

/**
 * The text on one line, with escapes such as `\x1b` or `\u202e` for what a terminal would obey
 * or not show. Backslashes stay as they are, so the text cannot be told for certain from one
 * that holds the escapes themselves.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unseen(), escapeOf);
}

/** The same for a document: its line breaks and tabs stay. */
export function visibleDocument(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** The same for a text of several lines among others: each line after the first is marked. */
export function visibleBlock(text: string): string {
  return text.includes("\n") ? text.split(/\r?\n/).map(visible).join(NEXT_LINE) : visible(text);
}

/** JSON of the same value, in which everything can be seen. */
export function visibleJson(json: string): string {
  // Outside its strings, JSON has nothing to escape but line breaks.
  return json.replace(
    /[^\n]+/g,
    (line) => PLAIN.test(line) ? line : line.replace(unseen(), inJson),
  );
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  if (code > 0xff) return `\\u${hex(code, 4)}`;
  return SHORT.get(character) ?? `\\x${hex(code, 2)}`;
}

function inJson(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`,
  ).join("");
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
