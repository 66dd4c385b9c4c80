import type { ConfigPreview } from "../../config/apply/prepared_config.ts";
import { getLevelName } from "../../core/levels/levels.ts";
import { toldTexts } from "../../wire/told_texts.ts";
import type { Preview } from "../../wire/message.ts";
import { HISTORY_LOGGER, scopeLine } from "./history.ts";
import { levelNames } from "./told_levels.ts";

/** What a configuration would change, in the form in which a sender is told. */
export function previewOf(
  { levels, scopes = [], disabled, handlers, dropped }: ConfigPreview,
): Preview {
  return toldTexts({
    levels: levelNames(levels),
    ...scopes.length > 0 ? { scopes: scopes.map(scopeLine) } : {},
    // The history logger does not count: the history enables it again.
    disabled: disabled.filter((name) => name !== HISTORY_LOGGER),
    ...handlers.length > 0 ? { handlers: handlers.map(namedLevels) } : {},
    ...dropped.length > 0 ? { dropped } : {},
  });
}

function namedLevels({ name, previous, level }: ConfigPreview["handlers"][number]) {
  return {
    name,
    previous: previous === undefined ? undefined : getLevelName(previous),
    level: getLevelName(level),
  };
}
