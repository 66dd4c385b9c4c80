import { ConfigError } from "../core/errors.ts";
import type { ResolveName } from "./spec.ts";

const PREFIXED = /^([a-z]+):\/\/([\s\S]*)$/;
const WORD = /^\s*(\w+)\s*/;
const DOT = /^\.\s*(\w+)\s*/;
const INDEX = /^\[\s*(\w+)\s*\]\s*/;

/**
 * Turns `ext://name` and `cfg://path` into what they stand for, in any value of a dict
 * (`logging.config.BaseConfigurator.convert`); other prefixes are plain text.
 */
export class Converter {
  readonly #config: object;
  readonly #resolveName: ResolveName;

  /** Takes the whole dict, and what knows the registered names. */
  constructor(config: object, resolveName: ResolveName) {
    this.#config = config;
    this.#resolveName = resolveName;
  }

  /**
   * The value with every string in it converted; `handlers` are those built so far, which
   * `cfg://handlers.name` then stands for.
   *
   * @throws {ConfigError} A name that is not registered, or a path that leads nowhere.
   */
  convert(value: unknown, handlers: ReadonlyMap<string, unknown>): unknown {
    return this.#convert(value, handlers, 0);
  }

  #convert(value: unknown, handlers: ReadonlyMap<string, unknown>, depth: number): unknown {
    // A path may lead to another path, and in a circle.
    if (depth > 50) throw new ConfigError("Cannot read the dict: it is nested too deeply");
    if (typeof value === "string") return this.#convertText(value, handlers, depth);
    if (Array.isArray(value)) {
      return value.map((item) => this.#convert(item, handlers, depth + 1));
    }
    if (!isPlainObject(value)) return value;
    const converted: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      Object.defineProperty(converted, key, {
        value: this.#convert(value[key], handlers, depth + 1),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return converted;
  }

  #convertText(text: string, handlers: ReadonlyMap<string, unknown>, depth: number): unknown {
    const [, prefix, rest = ""] = PREFIXED.exec(text) ?? [];
    if (prefix === "ext") return this.#external(rest);
    if (prefix === "cfg") return this.#internal(text, rest, handlers, depth);
    return text;
  }

  #external(name: string): unknown {
    const found = this.#resolveName(name);
    if (found !== undefined) return found.value;
    throw new ConfigError(
      `Cannot resolve "ext://${name}": only names registered by the program are known`,
    );
  }

  #internal(
    text: string,
    path: string,
    handlers: ReadonlyMap<string, unknown>,
    depth: number,
  ): unknown {
    const steps = readPath(text, path);
    const [first, name] = steps;
    if (steps.length === 2 && first === "handlers" && handlers.has(name!)) {
      return handlers.get(name!);
    }
    let found: unknown = this.#config;
    for (const step of steps) {
      // A path in the middle is followed, as Python's converting containers do.
      found = this.#step(text, found, step);
      if (typeof found === "string") found = this.#convertText(found, handlers, depth + 1);
    }
    return this.#convert(found, handlers, depth + 1);
  }

  #step(text: string, container: unknown, step: string): unknown {
    if (Array.isArray(container) && /^\d+$/.test(step) && Number(step) < container.length) {
      return container[Number(step)];
    }
    if (isPlainObject(container) && Object.hasOwn(container, step)) return container[step];
    throw new ConfigError(`Cannot resolve "${text}": there is no "${step}"`);
  }
}

/** The steps of a path such as `a.b[0][key]`. */
function readPath(text: string, path: string): string[] {
  const start = WORD.exec(path);
  if (start === null) throw new ConfigError(`Cannot resolve "${text}": it must start with a name`);
  const steps = [start[1]!];
  let rest = path.slice(start[0].length);
  while (rest !== "") {
    const step = DOT.exec(rest) ?? INDEX.exec(rest);
    if (step === null) {
      throw new ConfigError(`Cannot resolve "${text}": expected .name or [index] at "${rest}"`);
    }
    steps.push(step[1]!);
    rest = rest.slice(step[0].length);
  }
  return steps;
}

/** Whether a value is what Python would call a dict. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
