import { Recent } from "../../core/text/recent.ts";
import { mayBeDict } from "./config_text.ts";

/**
 * Keeps what was read of the last few configurations: whoever turns levels goes back and
 * forth between the same files. Not of dicts: names in them are looked up as they are read,
 * and may mean something else by then.
 */
export class RecentTexts<T> {
  readonly #kept = new Recent<T>(4, 65_536);

  /** What was read of the text, or is now. */
  get(text: string, read: () => T): T {
    return mayBeDict(text) ? read() : this.#kept.get(text, read);
  }
}
