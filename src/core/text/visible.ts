/** Characters by which emoji join each other and choose colours: there they hide nothing. */
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

/** The pattern of these, made when needed: V8 takes a millisecond for classes of characters. */
let known: RegExp | undefined;

/** A text that needs no escapes, as most do: this test is cheap. */
const PLAIN = /^[\x20-\x7e]*$/;

const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** Marks each line of a text but the first, so that none passes for a line of its own. */
const NEXT_LINE = "\n  | ";

/**
 * The text on one line, with escapes such as `\x1b` or `\u202e` for what a terminal would obey
 * or not show. Backslashes stay as they are, so the text cannot be told for certain from one
 * that holds the escapes themselves.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(unseen(), escapeOf);
}

/** Escapes a document as `visible` does, but keeps its line breaks and tabs. */
export function visibleDocument(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** Escapes a text of several lines among others: each line after the first is marked. */
export function visibleBlock(text: string): string {
  return text.includes("\n") ? text.split(/\r?\n/).map(visible).join(NEXT_LINE) : visible(text);
}

/** Escapes JSON so that everything in it can be seen; its value stays the same. */
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
