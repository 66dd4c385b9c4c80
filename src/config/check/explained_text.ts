import type { ConfigError } from "../../core/errors/config_error.ts";
import { nearest } from "../../core/errors/suggest.ts";
import { codePoints } from "../../core/text/code_points.ts";
import { IniDocument } from "../ini/ini_document.ts";
import { mayBeDict, parseConfigText, type ParsedConfig } from "../text/config_text.ts";
import { withoutComment } from "../spec/text_values.ts";
import { guessFormat } from "../text/guess_format.ts";
import type { Finding } from "./finding.ts";

/**
 * Most comparisons of letters for the hints on one text, which take less than a second: a text may
 * name very many words, each of which is compared with very many others.
 */
const MAX_COMPARED = 20_000_000;

/** A text to be explained; what takes long is done only once. */
export class ExplainedText {
  readonly #text: string;
  #lines: readonly string[] | undefined;
  #parsed: ParsedConfig | undefined;
  #document: IniDocument | undefined;
  /** How many letters may still be compared. */
  #left = MAX_COMPARED;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Parses the text.
   *
   * @throws {ConfigError} It cannot be parsed.
   */
  parse(): ParsedConfig {
    return this.#parsed = parseConfigText(this.#text);
  }

  /** The parsed text; undefined if it was not parsed, or cannot be. */
  get parsed(): ParsedConfig | undefined {
    return this.#parsed;
  }

  /** The sections of a `.conf`, undefined for anything else. */
  get document(): IniDocument | undefined {
    if (this.#parsed?.kind !== "ini") return undefined;
    return this.#document ??= IniDocument.fromTable(this.#parsed.table);
  }

  /** The finding of an error, with its place and hint. */
  findingOf(error: ConfigError, severity: Finding["severity"] = "error"): Finding {
    const { reason, section, key, line } = error;
    const column = this.#columnOf(error);
    return { severity, reason, section, key, line, column, hint: this.#hintFor(error) };
  }

  /** Errors in a value count from its start. */
  #columnOf({ key, line, column }: ConfigError): number | undefined {
    const isOfValue = key !== undefined && !mayBeDict(this.#text);
    if (column === undefined || line === undefined || !isOfValue) return column;
    this.#lines ??= this.#text.split("\n");
    const source = this.#lines[line - 1] ?? "";
    const start = codePoints(/^\s*[^=:]*[=:]\s*/.exec(source)?.[0] ?? "");
    return start + column <= codePoints(source) + 1 ? start + column : undefined;
  }

  /** A hint on what to write instead, such as a name that is there and is like one that is not. */
  #hintFor({ section, key, reason }: ConfigError): string | undefined {
    const [, level] = /unknown level "([^]*)", known are /.exec(reason) ?? [];
    if (level !== undefined) {
      if (level !== withoutComment(level)) return "a comment has a line of its own";
      if (level === "") return "without the key, the level stays as it is";
      if (/^\d+$/.test(level)) {
        return mayBeDict(this.#text) ? "a number stands without quotes" : undefined;
      }
      return `if the program names it, it does so by addLevelName(…, ${JSON.stringify(level)})`;
    }
    if (reason.includes("before the first [section]")) return hintOfFormat(this.#text);
    const [, missing] = /no option "([^"]+)" in this section or in \[DEFAULT\]/.exec(reason) ?? [];
    if (missing !== undefined) {
      return `if the program gives it as one of its defaults, use --default ${missing}=VALUE`;
    }
    const [, format] = /Invalid format '([^]*)' for '%' style/.exec(reason) ?? [];
    if (format !== undefined) return hintOfField(format);
    const { document } = this;
    if (document === undefined || section === undefined) return undefined;
    const [, absent] = /find section \[([^]+)\]: /.exec(reason) ?? [];
    if (absent !== undefined) {
      if (this.#left <= 0) return undefined;
      // A name that ends so is that of an empty item of a list.
      if (absent.endsWith("_")) return undefined;
      const isList = !absent.includes("_");
      const names = [...document.sections.keys()];
      const near = this.#nearest(absent, names.filter((name) => isList !== name.includes("_")));
      return near === undefined ? undefined : `is [${near}] meant to be it?`;
    }
    const keys = [...document.get(section)?.keys() ?? []];
    if (key === undefined || keys.includes(key)) return undefined;
    const near = this.#nearest(key, keys);
    return near === undefined ? undefined : `is "${near}" meant to be it?`;
  }

  #nearest(word: string, known: readonly string[]): string | undefined {
    if (this.#left <= 0) return undefined;
    for (const name of known) this.#left -= word.length * name.length;
    return nearest(word, known);
  }
}

/** What to do with a format that has no field of style %, which is the usual one. */
function hintOfField(format: string): string {
  const [field, brace] = /([{$])\{?(?:message|msg|levelname|name|asctime)\b\}?/.exec(format) ?? [];
  return field === undefined
    ? "it needs a field, such as %(message)s"
    : `${field} is a field where style is ${brace}`;
}

function hintOfFormat(text: string): string | undefined {
  const format = guessFormat(text);
  if (format === "JSON") return "this looks like JSON with comments, and JSON has none";
  if (format !== "YAML") return undefined;
  return "this looks like YAML, which is read from files called .yaml or .yml";
}
