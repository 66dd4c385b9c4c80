import { isDict } from "../../core/python/py_repr.ts";
import { className } from "../../core/values/class_name.ts";
import { MOST_LEVELS, setKey } from "./describe_part.ts";

/** The text in the place of a secret. */
const HIDDEN = "***";

/** Names of arguments and attributes that hold secrets. */
const SECRET_NAME =
  /pass|secret|token|credential|secure|auth(?!ors?(?:$|_))|(?:^|[_-]|api|access)key$|^headers$/i;
/** User and password in a URL. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]{1,1000}@/gi;
/** Values behind `?` or `&` whose name says that they are secret. */
const QUERY_VALUE = /([?&][^=&#\s]{0,100}(?:pass|secret|token|key|auth)[^=&#\s]{0,100}=)[^&#\s]+/gi;

/**
 * A configuration as `getConfig` describes it, without secrets, since anybody may ask for it over the
 * wire. Values of arguments with a telling name, and user and password in a URL, are shown as `***`;
 * of an object of a class, only the class is shown.
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

/** Stands for an object of a program's class, of which any field may be secret. */
class Stand {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toJSON(): string {
    return this.#text;
  }

  toString(): string {
    return this.#text;
  }
}

function hidden(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === "string") return hiddenIn(value);
  // JSON has no big integers.
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
  }
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value) || above.length >= MOST_LEVELS) return new Stand("...");
  const within = [...above, value];
  if (Array.isArray(value)) return value.map((item) => hidden(item, within));
  if (value instanceof URL) return new Stand(hiddenIn(value.href));
  if (!isDict(value)) return new Stand(`<${className(value)} object>`);
  return mapValues(value, (item, key) => {
    // It is no secret whether there is a value, nor whether something is on.
    const isShown = item === null || item === undefined || typeof item === "boolean";
    return SECRET_NAME.test(key) && !isShown ? HIDDEN : hidden(item, within);
  });
}

function hiddenIn(text: string): string {
  return text.replace(USER_INFO, `$1${HIDDEN}@`).replace(QUERY_VALUE, `$1${HIDDEN}`);
}

function mapValues(
  object: Readonly<Record<string, unknown>>,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) setKey(copy, key, map(value, key));
  return copy;
}
