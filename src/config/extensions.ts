import type { ParsedConfig } from "./config_text.ts";
import { EXTENSIONS } from "./extension_key.ts";
import { IniDocument, type IniTable } from "./ini.ts";

export { EXTENSIONS } from "./extension_key.ts";

/** What a configuration says to logdial only. */
export interface Extensions {
  /** What the sender calls the configuration, for `status`. */
  readonly label?: string;
}

/** Longest label that is shown. */
const MAX_LABEL = 100;

/** Reads `[logdial]` of a `.conf`, or `"logdial"` of a JSON dict. */
export function readExtensions(parsed: ParsedConfig): Extensions {
  const label = parsed.kind === "ini" ? iniLabel(parsed.table) : dictLabel(parsed.dict);
  return typeof label === "string" && label !== "" ? { label: printable(label) } : {};
}

/** The configuration with a label in it, unless it has extensions of its own. */
export function withLabel(text: string, label: string): string {
  const clean = printable(label);
  if (!text.trimStart().startsWith("{")) {
    const known = IniDocument.parse(text).get(EXTENSIONS) !== undefined;
    return known ? text : `${text.trimEnd()}\n\n[${EXTENSIONS}]\nlabel = ${clean}\n`;
  }
  const dict = JSON.parse(text) as Record<string, unknown>;
  return Object.hasOwn(dict, EXTENSIONS)
    ? text
    : JSON.stringify({ ...dict, [EXTENSIONS]: { label: clean } });
}

function iniLabel(table: IniTable): unknown {
  return IniDocument.fromTable(table).get(EXTENSIONS)?.raw("label");
}

function dictLabel(dict: object): unknown {
  const extensions = Object.hasOwn(dict, EXTENSIONS)
    ? (dict as Record<string, unknown>)[EXTENSIONS]
    : undefined;
  return typeof extensions === "object" && extensions !== null
    ? (extensions as { label?: unknown }).label
    : undefined;
}

/** A label goes to other people's terminals: no control characters, not without end. */
function printable(label: string): string {
  // deno-lint-ignore no-control-regex
  return label.replace(/[\x00-\x1f\x7f-\x9f]/g, "?").trim().slice(0, MAX_LABEL);
}
