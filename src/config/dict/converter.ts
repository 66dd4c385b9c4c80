import { ConfigError } from "../../core/errors/config_error.ts";
import { isDict } from "../../core/python/py_repr.ts";
import type { ResolveName } from "../spec/config_spec.ts";
import { UnknownNameError } from "../spec/unknown_name_error.ts";

// Python's `.` stops at a line break, its `$` passes over a last one, and its `\w` and
// `\s` are Unicode's.
const PREFIXED = /^([a-z]+):\/\/([^\n]*)\n?$/;
const SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
const NAME = `${SPACE}([\\p{L}\\p{N}_]+)${SPACE}`;

/** The patterns of the steps that a path is made of. */
interface Steps {
  readonly word: RegExp;
  readonly dot: RegExp;
  readonly index: RegExp;
}

let steps: Steps | undefined;

/** Made when a path is met: the letters of all scripts take V8 some milliseconds. */
function readSteps(): Steps {
  return steps ??= {
    word: new RegExp(`^${NAME}`, "u"),
    dot: new RegExp(`^\\.${NAME}`, "u"),
    // Blanks between the brackets belong to the key.
    index: new RegExp(`^\\[([^\\[\\]]*)\\]${SPACE}`, "u"),
  };
}

/** Most references in a row: a reference may lead to another one, and in a circle. */
const DEEPEST = 50;

/** Most values of a dict: lists of references to lists of references grow fast. */
const MOST_VALUES = 100_000;

/**
 * Turns `ext://name` and `cfg://path` into what they stand for
 * (`logging.config.BaseConfigurator`); other prefixes are plain text.
 */
export class Converter {
  /** The whole dict. */
  readonly config: ConvertingDict;
  readonly #resolveName: ResolveName;
  #depth = 0;
  #copied = 0;

  /** Takes the whole dict, and the function that finds registered names. */
  constructor(config: Readonly<Record<string, unknown>>, resolveName: ResolveName) {
    this.config = new ConvertingDict(this, config, "");
    this.#resolveName = resolveName;
  }

  /**
   * The value that a text stands for. A dict or list is given in a form that converts its
   * values when they are asked for.
   *
   * @throws {ConfigError} A name that is not registered, or a path that leads nowhere.
   */
  convert(value: unknown, path: string): unknown {
    if (typeof value === "string") return this.#convertText(value);
    if (Array.isArray(value)) return new ConvertingList(this, value, path);
    return isDict(value) && !isOfProgram(value) ? new ConvertingDict(this, value, path) : value;
  }

  /** The value as a plain one, with everything in it converted. */
  plain(value: unknown): unknown {
    if (++this.#copied > MOST_VALUES) {
      throw new ConfigError(`Cannot read the dict: it has more than ${MOST_VALUES} values`);
    }
    return this.#nested(() => {
      if (value instanceof ConvertingDict) {
        return Object.fromEntries(value.keys().map((key) => [key, this.plain(value.get(key))]));
      }
      if (!(value instanceof ConvertingList)) return value;
      return value.items.map((_, index) => this.plain(value.at(index)));
    });
  }

  #convertText(text: string): unknown {
    const [, prefix, rest = ""] = PREFIXED.exec(text) ?? [];
    if (prefix === "ext") return this.#external(rest);
    if (prefix === "cfg") return this.#nested(() => this.#internal(text, rest));
    return text;
  }

  #external(name: string): unknown {
    const found = this.#resolveName(name);
    if (found !== undefined) return found.value;
    throw new UnknownNameError(
      `Cannot resolve "ext://${name}": nothing is registered by that name, ` +
        `registerObject("${name}", …) makes it known`,
      name,
    );
  }

  #internal(text: string, path: string): unknown {
    const steps = readSteps();
    const start = steps.word.exec(path);
    if (start === null) {
      throw new ConfigError(`Cannot resolve "${text}": it must start with a name`);
    }
    let found = member(text, this.config, start[1]!);
    for (let rest = path.slice(start[0].length); rest !== "";) {
      const dot = steps.dot.exec(rest);
      const step = dot ?? steps.index.exec(rest);
      if (step === null) {
        throw new ConfigError(`Cannot resolve "${text}": expected .name or [index] at "${rest}"`);
      }
      const isNumber = dot === null && /^\p{Nd}+$/u.test(step[1]!);
      found = isNumber ? item(text, found, Number(step[1])) : member(text, found, step[1]!);
      rest = rest.slice(step[0].length);
    }
    return found;
  }

  #nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) {
      throw new ConfigError("Cannot read the dict: it is nested too deeply, or in a circle");
    }
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}

/**
 * A dict whose values are converted when they are read, and kept that way. A value that is
 * taken out is gone, also for references that lead to it.
 */
export class ConvertingDict {
  readonly #converter: Converter;
  readonly #values: Map<string, unknown>;
  /** Where this dict stands in the whole one, as `handlers.console`. */
  readonly #path: string;

  constructor(converter: Converter, values: Readonly<Record<string, unknown>>, path: string) {
    this.#converter = converter;
    this.#path = path;
    // In JavaScript, a key whose value is undefined counts as left out.
    this.#values = new Map(Object.entries(values).filter(([, value]) => value !== undefined));
  }

  /** How many keys there are. */
  get size(): number {
    return this.#values.size;
  }

  /** The keys in their order. */
  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** Whether there is such a key. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The converted value, undefined for none. */
  get(key: string): unknown {
    if (!this.#values.has(key)) return undefined;
    const value = this.#convert(key);
    this.#values.set(key, value);
    return value;
  }

  /** The converted value as a plain one. */
  plain(key: string): unknown {
    const value = this.get(key);
    return this.#placed(key, () => this.#converter.plain(value));
  }

  /** The converted value, which is taken out. */
  pop(key: string): unknown {
    const value = this.#convert(key);
    this.#values.delete(key);
    return value;
  }

  /** The converted value as a plain one, which is taken out. */
  popPlain(key: string): unknown {
    const value = this.plain(key);
    this.#values.delete(key);
    return value;
  }

  #convert(key: string): unknown {
    const path = this.#path === "" ? key : `${this.#path}.${key}`;
    return this.#placed(key, () => this.#converter.convert(this.#values.get(key), path));
  }

  /** Reads a value; an error is told with the value's place. */
  #placed<T>(key: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const isPlaced = !(error instanceof ConfigError) || error.key !== undefined;
      if (isPlaced) throw error;
      throw error.at({ section: this.#path || undefined, key });
    }
  }

  /** Puts a value in. */
  set(key: string, value: unknown): void {
    this.#values.set(key, value);
  }

  /** The values as they are; those that were read are converted. */
  entries(): [string, unknown][] {
    return [...this.#values];
  }
}

/** A list whose items are converted when they are read one by one. */
export class ConvertingList {
  readonly #converter: Converter;
  readonly #items: unknown[];
  readonly #path: string;

  constructor(converter: Converter, items: readonly unknown[], path: string) {
    this.#converter = converter;
    this.#path = path;
    this.#items = [...items];
  }

  /** The items as they are: a loop over a list converts nothing in CPython. */
  get items(): readonly unknown[] {
    return this.#items;
  }

  /** The converted item. */
  at(index: number): unknown {
    return this.#items[index] = this.#converter.convert(this.#items[index], this.#path);
  }
}

/** The methods by which streams, queues, handlers and sockets are used. */
const METHODS = ["write", "writeSync", "put", "emit", "handle", "send"];

/**
 * Whether an object literal is a thing of the program's, such as a stream with its `write`, and no
 * dict: such a thing must not be copied, since the copy would get the calls that are meant for it.
 * A dict with a class or factory may have functions as arguments.
 */
function isOfProgram(value: Readonly<Record<string, unknown>>): boolean {
  if (Object.hasOwn(value, "()") || Object.hasOwn(value, "class")) return false;
  return METHODS.some((name) => Object.hasOwn(value, name) && typeof value[name] === "function");
}

function member(text: string, container: unknown, name: string): unknown {
  if (container instanceof ConvertingDict && container.has(name)) return container.get(name);
  throw new ConfigError(`Cannot resolve "${text}": there is no "${name}"`);
}

function item(text: string, container: unknown, index: number): unknown {
  if (container instanceof ConvertingList && index < container.items.length) {
    return container.at(index);
  }
  const letter = typeof container === "string" ? [...container][index] : undefined;
  if (letter !== undefined) return letter;
  throw new ConfigError(`Cannot resolve "${text}": there is no item ${index}`);
}
