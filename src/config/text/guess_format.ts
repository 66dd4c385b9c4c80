import { mayBeDict } from "./config_text.ts";

/** What a text is that is not INI. */
export type OtherFormat = "JSON" | "YAML" | "path";

const PATH = /^[^\n\r[\]{}=]*\.(?:conf|ini|cfg|json|ya?ml)$/i;
/** JSON with comments, which JSON does not have. */
const COMMENTED_JSON = /^\s*\/[/*]/;
const COMMENTS = /^(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\r?\n)*/;
const YAML_KEY =
  /^(?:version|formatters|filters|handlers|loggers|root|disable_existing_loggers)[ \t]*:/;

/** Guesses what a text is that could not be read as INI. */
export function guessFormat(text: string): OtherFormat | undefined {
  if (mayBeDict(text) || COMMENTED_JSON.test(text)) return "JSON";
  if (PATH.test(text)) return "path";
  return YAML_KEY.test(text.slice(COMMENTS.exec(text)![0].length)) ? "YAML" : undefined;
}

/** The way out for a program, as a piece of code. */
export function wayFor(format: OtherFormat, text: string): string {
  const isYaml = format === "YAML" || /\.ya?ml$/i.test(text);
  const isJson = format === "JSON" || /\.json$/i.test(text);
  const source = format === "path" ? `await Deno.readTextFile(${JSON.stringify(text)})` : "text";
  if (isYaml) return `dictConfig(parse(${source})), with parse of @std/yaml`;
  return isJson ? `dictConfig(JSON.parse(${source}))` : `fileConfig(${source})`;
}
