import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";

/**
 * Parses JSON.
 *
 * @throws {ConfigError} It is none; with the line and the column.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = reasonOf(error);
    // Without a position the text has ended too early.
    const [, position = Infinity] = /at position (\d+)/.exec(said) ?? [];
    const before = text.slice(0, Math.min(Number(position), text.trimEnd().length));
    const reason = said.replace(/ in JSON at position .*$|, "[\s\S]*" is not valid JSON$/, "");
    throw new ConfigError(`Cannot read JSON: ${reason}`, {
      line: before.split("\n").length,
      column: before.length - before.lastIndexOf("\n"),
      cause: error,
    });
  }
}
