import { isDict } from "../../core/python/py_repr.ts";
import { setKey } from "./describe_part.ts";

/** What stands for what is not shown. */
export const HIDDEN = "***";

/** Names of arguments and attributes that hold what only the program may know. */
const SECRET_NAME =
  /pass|secret|token|credential|secure|auth(?!ors?(?:$|_))|(?:^|[_-]|api|access)key$|^headers$/i;
/** User and password in a URL. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]{1,1000}@/gi;
/** Values behind `?` or `&` whose name says that they are secret. */
const QUERY_VALUE = /([?&][^=&#\s]{0,100}(?:pass|secret|token|key|auth)[^=&#\s]{0,100}=)[^&#\s]+/gi;

/**
 * A configuration as `getConfig` describes it, without passwords: whoever asks for it over
 * the wire need not be the program's owner. A value behind a telling name, and user and
 * password in a URL, are shown as `***`.
 */
export function hideSecrets(
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return mapValues(config, (part, key) => {
    // Names of loggers and handlers stand between a table and what it tells of each.
    const isTable = TABLES.has(key) && isDict(part);
    return isTable ? mapValues(part, (one) => hidden(one)) : hidden(part);
  });
}

const TABLES: ReadonlySet<string> = new Set(["formatters", "filters", "handlers", "loggers"]);

function hidden(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(USER_INFO, `$1${HIDDEN}@`).replace(QUERY_VALUE, `$1${HIDDEN}`);
  }
  if (Array.isArray(value)) return value.map(hidden);
  if (!isDict(value)) return value;
  return mapValues(value, (item, key) => {
    // Whether there is one is no secret, nor whether something is on.
    const isShown = item === null || item === undefined || typeof item === "boolean";
    return SECRET_NAME.test(key) && !isShown ? HIDDEN : hidden(item);
  });
}

function mapValues(
  object: Readonly<Record<string, unknown>>,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) setKey(copy, key, map(value, key));
  return copy;
}
