import { EXTENSIONS, extensionsIn } from "./extensions.ts";
import { parseConfigText } from "./config_text.ts";

/** What a sender may say otherwise to each thread that it sends one change to. */
const BY_THREAD: readonly string[] = ["to", "expires", "lines", "forever", "wait"];

/**
 * Whether two texts are the same configuration, but for whom it is for and when it ends: that is
 * what a sender says to each thread for itself.
 *
 * @throws {ConfigError} They differ, and one of them is no configuration.
 */
export function isSameConfig(one: string, other: string): boolean {
  return one === other || contentOf(one) === contentOf(other);
}

/** A configuration without what is said by thread, and without the lines where things stand. */
function contentOf(text: string): string {
  const parsed = parseConfigText(text);
  const rest = parsed.kind === "dict"
    ? Object.entries(parsed.dict).filter(([key]) => key !== EXTENSIONS)
    : parsed.table.filter(([name]) => name !== EXTENSIONS)
      .map(([name, , options]) => [name, options.map(({ key, value }) => [key, value])]);
  const said = Object.entries(extensionsIn(text)).filter(([key]) => !BY_THREAD.includes(key));
  return JSON.stringify([parsed.kind, rest, said]);
}
