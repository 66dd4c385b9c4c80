import type { Filter, FilterLike } from "../../core/filters/filter.ts";
import type { Formatter } from "../../core/formatters/formatter.ts";
import { Handler } from "../../core/handlers/handler.ts";
import { isDict } from "../../core/python/py_repr.ts";
import { getLevelName, getLevelNamesMapping, NOTSET } from "../../core/levels/levels.ts";
import { describeOrigin, type Origin } from "../build/origins.ts";
import { bareName } from "../build/parameters.ts";
import { FORMATTER_WORDS } from "../spec/config_spec.ts";
import type { Registry } from "../build/registry.ts";

/** A part of a dict for `dictConfig`. */
export type ConfigPart = Record<string, unknown>;

/** How deep arguments are described, since a program's list may hold itself. */
export const MOST_LEVELS = 100;

/** Describes formatters, filters and handlers as the parts of a dict that make them again. */
export class PartDescriber {
  readonly #registry: Registry;
  readonly #nameOf: (handler: Handler) => string;

  /** Takes the registry of names, and the function that names handlers. */
  constructor(registry: Registry, nameOf: (handler: Handler) => string) {
    this.#registry = registry;
    this.#nameOf = nameOf;
  }

  /** Describes a handler, without the names of its formatter and filters. */
  handler(handler: Handler): ConfigPart {
    const origin = describeOrigin(handler, this.#registry);
    const part: ConfigPart = {};
    const className = origin.className ?? origin.type;
    if (className === undefined) part["()"] = origin.factory;
    else part.class = className;
    if (handler.level !== NOTSET) part.level = levelOf(handler.level);
    this.#addArguments(part, origin.kwargs);
    const parameters = this.#registry.handler(origin.className ?? "")?.parameters;
    if (parameters?.includes("target?")) {
      const { target } = handler as { target?: unknown };
      if (target instanceof Handler) part.target = this.#nameOf(target);
      // As an argument, null means no target; as a key, it would be the name of a handler.
      else if (part.target === null) delete part.target;
    }
    // A level in the constructor was set before the configuration's own level.
    if (origin.kwargs.has("level")) part.level = levelOf(handler.level);
    return addAttributes(part, origin);
  }

  /** Describes a formatter, in the short form if that says everything. */
  formatter(formatter: Formatter): ConfigPart {
    const origin = describeOrigin(formatter, this.#registry);
    const { factory, kwargs, attributes } = origin;
    const className = origin.className ?? origin.type;
    const isLong = className === undefined || attributes.size > 0 ||
      [...kwargs.keys()].some((key) => !SHORT_KEYS.has(key)) ||
      kwargs.has("validate") && !this.#takesValidate(className);
    const part: ConfigPart = {};
    if (isLong) part["()"] = className ?? factory;
    else if (className !== "logging.Formatter") part.class = className;
    const shown = new Map<string, unknown>();
    for (const [key, value] of kwargs) {
      if (value === null || (key === "style" && value === "%")) continue;
      if (key === "validate" && value === true) continue;
      if (key === "escape" && value === false) continue;
      shown.set(key === "fmt" && !isLong ? "format" : key, value);
    }
    this.#addArguments(part, shown);
    return addAttributes(part, { attributes });
  }

  /** Whether a formatter's class takes the key `validate`, which is the fourth argument in CPython. */
  #takesValidate(className: unknown): boolean {
    const { parameters } = this.#registry.formatter(String(className)) ?? {};
    return parameters === undefined || bareName(parameters[3] ?? "") === "validate";
  }

  /** Describes a filter; undefined if it has no name, so that it stands for itself. */
  filter(filter: FilterLike): ConfigPart | undefined {
    if (typeof filter === "function") return undefined;
    const { className, factory, kwargs, attributes } = describeOrigin(filter, this.#registry);
    if (className === "logging.Filter" && attributes.size === 0) {
      return { name: (filter as Filter).name };
    }
    const part: ConfigPart = { "()": className ?? factory };
    this.#addArguments(part, kwargs);
    return addAttributes(part, { attributes });
  }

  #addArguments(part: ConfigPart, kwargs: ReadonlyMap<string, unknown>): void {
    for (const [key, value] of kwargs) setKey(part, key, this.#describe(value));
  }

  /** Describes a value: registered objects and handlers by their names. */
  #describe(value: unknown, above: readonly unknown[] = []): unknown {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (!isObject) return value;
    if (value instanceof Handler) return this.#nameOf(value);
    const name = this.#registry.nameOf(value);
    if (name !== undefined) return `ext://${name}`;
    if (above.includes(value) || above.length >= MOST_LEVELS) return value;
    const describe = (item: unknown) => this.#describe(item, [...above, value]);
    if (Array.isArray(value)) return value.map(describe);
    const entries = value instanceof Map ? [...value] : isDict(value) && Object.entries(value);
    return entries
      ? Object.fromEntries(entries.map(([key, item]) => [key, describe(item)]))
      : value;
  }
}

/** Arguments of formatters that need no factory. */
const SHORT_KEYS = new Set([
  "fmt",
  "datefmt",
  "style",
  "validate",
  "defaults",
  "escape",
  ...FORMATTER_WORDS,
]);

/** A level as configurations spell it: by name where there is one. */
export function levelOf(level: number): string | number {
  const name = getLevelName(level);
  return getLevelNamesMapping()[name] === level ? name : level;
}

/** Sets a key of any name, `__proto__` too. */
export function setKey(part: ConfigPart, key: string, value: unknown): void {
  Object.defineProperty(part, key, { value, writable: true, enumerable: true, configurable: true });
}

function addAttributes(part: ConfigPart, { attributes }: Pick<Origin, "attributes">): ConfigPart {
  if (attributes.size > 0) part["."] = Object.fromEntries(attributes);
  return part;
}
