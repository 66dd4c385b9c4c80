/** A text that turns a terminal, hides, and begins a line of its own. */
export const HOSTILE =
  "\x1b]0;owned\x07\r\nforged\u202e\u2066\u2028\u2029\u200b\ufeff\u{e0041}\x7f\x9b31m\t";

/** What terminals obey or hide, in a pattern of its own: the code under test is not used. */
const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;

/** Where a text has something in it that a terminal obeys or hides, line breaks aside. */
export function unseenIn(text: string): string | undefined {
  const found = UNSEEN.exec(text);
  if (found === null) return undefined;
  return JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40));
}

/** The text without colours such as ours. */
export function withoutColors(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[\d\d?m/g, "");
}
