import { parseConfigText, type ParsedConfig, readParsedConfig } from "./config_text.ts";
import { type Extensions, readExtensions } from "./extensions.ts";

/** A configuration whose structure is right, as far as that can be told from outside. */
export interface CheckedConfig {
  readonly parsed: ParsedConfig;
  readonly extensions: Extensions;
}

let last: { readonly text: string; readonly config: CheckedConfig } | undefined;

/**
 * Checks the structure of a configuration. Names in it may be known to one thread only:
 * here everything counts as known.
 *
 * @throws {ConfigError} The text is not a configuration.
 */
export function checkConfig(text: string): CheckedConfig {
  // A sender gives the same text to one port after the other.
  if (last?.text !== text) last = { text, config: check(text) };
  return last.config;
}

function check(text: string): CheckedConfig {
  const parsed = parseConfigText(text);
  readParsedConfig(parsed, () => ({ value: undefined }));
  return { parsed, extensions: readExtensions(parsed) };
}
