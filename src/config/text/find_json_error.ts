/** What may come next in a JSON text. */
type Expected = "value" | "value or ]" | "key or }" | "key" | ":" | ", or end" | "nothing";

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  // deno-lint-ignore no-control-regex
  /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[{}[\],:]/y;

/** Tokens beyond which nobody looks any more: it would hold up whoever reads a refused frame. */
const MOST_TOKENS = 50_000;

/**
 * Where a text stops being JSON, as an index; in a very long one, how far it surely is JSON. A text
 * that ends too early does so behind its last word.
 */
export function findJsonError(text: string): number {
  const open: string[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (let count = 0; count < MOST_TOKENS; count++) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)![0].length;
    TOKEN.lastIndex = at;
    const token: string | undefined = TOKEN.exec(text)?.[0];
    const next: Expected | undefined = token === undefined
      ? undefined
      : after(token, expected, open);
    if (token === undefined || next === undefined) return Math.min(at, text.trimEnd().length);
    expected = next;
    at += token.length;
  }
  return at;
}

/** What may come after a token, undefined if the token itself may not come; keeps what is open. */
function after(token: string, expected: Expected, open: string[]): Expected | undefined {
  const isClosing = token === "}" || token === "]";
  if (isClosing) {
    const mayEnd = expected === ", or end" ||
      expected === (token === "}" ? "key or }" : "value or ]");
    const opening = token === "}" ? "{" : "[";
    if (!mayEnd || open.pop() !== opening) return undefined;
    return open.length === 0 ? "nothing" : ", or end";
  }
  switch (expected) {
    case "key":
    case "key or }":
      return token.startsWith('"') ? ":" : undefined;
    case ":":
      return token === ":" ? "value" : undefined;
    case ", or end":
      if (token !== ",") return undefined;
      return open.at(-1) === "{" ? "key" : "value";
    case "nothing":
      return undefined;
  }
  if (token === "," || token === ":") return undefined;
  if (token === "{" || token === "[") {
    open.push(token);
    return token === "{" ? "key or }" : "value or ]";
  }
  return open.length === 0 ? "nothing" : ", or end";
}
