import { ConfigError } from "../core/errors.ts";
import type { FilterLike } from "../core/filter.ts";
import { Formatter } from "../core/formatter.ts";
import { Handler } from "../core/handler.ts";
import { checkLevel } from "../core/levels.ts";
import { isTrue, Spread } from "./dict_spec.ts";
import { bindArguments } from "./parameters.ts";
import type { Registration, Registry } from "./registry.ts";
import type { ConfigSpec, HandlerSpec, LoggerSpec, ObjectSpec, Place } from "./spec.ts";

/** Everything of a configuration that had to be made, ready to be put in force. */
export interface BuiltConfig {
  /** Handlers by name, in the order of their making. */
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly loggers: readonly BuiltLogger[];
  readonly root: BuiltLogger | undefined;
}

/** What changes in a logger, with objects in place of names. */
export interface BuiltLogger {
  readonly name: string;
  /** Undefined to leave the level. */
  readonly level: number | undefined;
  readonly handlers: readonly Handler[];
  readonly filters: readonly FilterLike[];
  /** Undefined to leave it. */
  readonly propagate: boolean | undefined;
}

/** Makes the objects of a configuration; nothing that is in force is touched. */
export class Builder {
  readonly #spec: ConfigSpec;
  readonly #registry: Registry;
  readonly #formatters = new Map<string, Formatter>();
  readonly #filters = new Map<string, FilterLike>();
  readonly #handlers = new Map<string, Handler>();

  /** Takes the configuration and the names that it may use. */
  constructor(spec: ConfigSpec, registry: Registry) {
    this.#spec = spec;
    this.#registry = registry;
  }

  /**
   * Makes everything.
   *
   * @throws {ConfigError} The first thing that cannot be made, and why.
   */
  build(): BuiltConfig {
    for (const spec of this.#spec.formatters) {
      this.#formatters.set(spec.name, this.#guard("formatter", spec, () => this.#formatter(spec)));
    }
    for (const spec of this.#spec.filters) {
      this.#filters.set(spec.name, this.#guard("filter", spec, () => this.#filter(spec)));
    }
    for (const spec of this.#handlerOrder()) {
      this.#handlers.set(spec.name, this.#guard("handler", spec, () => this.#handler(spec)));
    }
    return {
      handlers: this.#handlers,
      loggers: this.#spec.loggers.map((spec) => this.#logger(spec)),
      root: this.#spec.root === undefined ? undefined : this.#logger(this.#spec.root),
    };
  }

  /** Handlers so that those that others hand their records to come first. */
  #handlerOrder(): HandlerSpec[] {
    // By name, as in CPython, so that the order does not hang on that of a dict's keys.
    const specs = this.#spec.source === "dict"
      ? this.#spec.handlers.toSorted((a, b) => a.name < b.name ? -1 : 1)
      : this.#spec.handlers;
    const hasTarget = (spec: HandlerSpec) => this.#takesTarget(spec);
    return [...specs.filter((spec) => !hasTarget(spec)), ...specs.filter(hasTarget)];
  }

  #takesTarget(spec: HandlerSpec): boolean {
    if (typeof spec.className !== "string" || !isTrue(spec.target)) return false;
    return this.#handlerClass(spec.className)?.parameters.includes("target?") ?? false;
  }

  #formatter(spec: ObjectSpec): Formatter {
    const made = this.#make<unknown>(spec, "formatter", (name) => this.#registry.formatter(name), [
      "logging.Formatter",
    ]);
    if (!isFormatter(made)) {
      throw new TypeError(`${describeClass(spec)} does not make a formatter`);
    }
    return made;
  }

  #filter(spec: ObjectSpec): FilterLike {
    return this.#make<FilterLike>(spec, "filter", (name) => this.#registry.filter(name), [
      "logging.Filter",
    ]);
  }

  #handler(spec: HandlerSpec): Handler {
    const formatter = this.#convert(spec.formatter);
    const level = this.#level(spec.level, spec.place);
    const filters = this.#filterList(spec.filters, spec.place);
    const formatted = formatter === undefined
      ? undefined
      : this.#find(this.#formatters, formatter, "formatter", spec.place);
    const made = this.#make<unknown>(spec, "handler", (name) => this.#handlerClass(name), []);
    if (!(made instanceof Handler)) {
      throw new TypeError(`${describeClass(spec)} does not make a handler`);
    }
    made.name = spec.name;
    if (formatted !== undefined) made.setFormatter(formatted);
    if (level !== undefined) made.setLevel(level);
    for (const filter of filters) made.addFilter(filter);
    this.#setAttributes(made, spec);
    return made;
  }

  #handlerClass(name: string): Registration<Handler> | undefined {
    const exact = this.#registry.handler(name);
    if (exact !== undefined || this.#spec.source === "dict") return exact;
    // In a .conf, names are looked up inside `logging` first.
    return this.#registry.handler(`logging.${name}`);
  }

  #make<T>(
    spec: ObjectSpec,
    kind: "handler" | "formatter" | "filter",
    find: (name: string) => Registration<T> | undefined,
    [ownClass]: string[],
  ): T {
    const factory = this.#convert(spec.factory);
    const { args, kwargs } = spec.readArguments((name) => this.#registry.object(name));
    const bound = new Map<string, unknown>();
    for (const [name, value] of kwargs) bound.set(name, this.#convert(value));
    const positional = args.map((value) => this.#convert(value));
    if (typeof factory === "function") {
      const made = callFactory(factory, bound) as T;
      if (kind !== "handler") this.#setAttributes(made, spec);
      return made;
    }
    const className = factory ?? this.#convert(spec.className) ?? ownClass;
    if (typeof className !== "string") {
      throw new ConfigError(`Cannot build ${kind} "${spec.name}": it needs a class`, {
        ...spec.place("class"),
      });
    }
    const registration = find(className);
    if (registration === undefined) {
      throw new ConfigError(
        `Cannot build ${kind} "${spec.name}": unknown class "${className}"` +
          this.#classHint(kind, className),
        { ...spec.place(factory === undefined ? "class" : "()") },
      );
    }
    this.#replaceTarget(spec, registration, bound);
    const ordered = bindArguments(className, registration.parameters, positional, bound);
    const made = registration.create(...ordered as never[]);
    this.#attachIniTarget(spec, registration, made);
    if (kind !== "handler") this.#setAttributes(made, spec);
    return made;
  }

  /** In a dict, the handler itself takes the place of its name. */
  #replaceTarget(
    spec: ObjectSpec,
    { parameters }: Registration<unknown>,
    bound: Map<string, unknown>,
  ) {
    if (this.#spec.source !== "dict" || !parameters.includes("target?")) return;
    const target = bound.get("target");
    if (!bound.has("target") || target instanceof Handler) return;
    bound.set("target", this.#find(this.#handlers, target, "handler", spec.place, "target"));
  }

  /** In a `.conf`, `target=` is a key of the section, not an argument. */
  #attachIniTarget(spec: ObjectSpec, { parameters }: Registration<unknown>, made: unknown): void {
    if (this.#spec.source !== "ini" || !parameters.includes("target?")) return;
    const { target } = spec as HandlerSpec;
    if (target === undefined) return;
    const handler = this.#find(this.#handlers, target, "handler", spec.place, "target");
    (made as { setTarget(handler: Handler): void }).setTarget(handler);
  }

  #logger(spec: LoggerSpec): BuiltLogger {
    return {
      name: spec.name,
      level: this.#level(spec.level, spec.place),
      handlers: this.#spread(spec.handlers).map((name) =>
        this.#find(this.#handlers, name, "handler", spec.place, "handlers")
      ),
      filters: this.#filterList(spec.filters, spec.place),
      propagate: spec.propagate,
    };
  }

  #level(value: unknown, place: Place): number | undefined {
    const level = this.#convert(value);
    if (level === undefined || level === null) return undefined;
    try {
      return checkLevel(level);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`Cannot set the level: ${reason}`, { ...place("level"), cause: error });
    }
  }

  #filterList(filters: readonly unknown[], place: Place): FilterLike[] {
    return this.#spread(filters).map((filter) => {
      if (typeof filter === "function") return filter as FilterLike;
      if (typeof filter === "object" && filter !== null && "filter" in filter) {
        return filter as FilterLike;
      }
      return this.#find(this.#filters, filter, "filter", place, "filters");
    });
  }

  #spread(items: readonly unknown[]): unknown[] {
    return items.flatMap((item) => {
      if (!(item instanceof Spread)) return [this.#convert(item)];
      const list = this.#convert(item.reference);
      return Array.isArray(list) ? list : [list];
    });
  }

  #find<T>(
    known: ReadonlyMap<string, T>,
    name: unknown,
    kind: string,
    place: Place,
    key: string = kind,
  ): T {
    // `cfg://handlers.x` has already become the handler.
    for (const value of known.values()) if (value === name) return value;
    const found = typeof name === "string" ? known.get(name) : undefined;
    if (found !== undefined) return found;
    const names = [...known.keys()].join(", ") || "none";
    throw new ConfigError(`Cannot find ${kind} "${String(name)}": defined are ${names}`, {
      ...place(key),
    });
  }

  #setAttributes(made: unknown, spec: ObjectSpec): void {
    for (const [name, value] of spec.attributes) {
      if (name === "__proto__") {
        throw new ConfigError('Cannot set attribute "__proto__"', { ...spec.place(".") });
      }
      (made as Record<string, unknown>)[name] = this.#convert(value);
    }
  }

  #convert(value: unknown): unknown {
    return this.#spec.convert(value, this.#handlers);
  }

  #classHint(kind: "handler" | "formatter" | "filter", name: string): string {
    const wanted = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
    const near = this.#registry.names(kind).find((known) =>
      known.slice(known.lastIndexOf(".") + 1).toLowerCase() === wanted
    );
    return near === undefined
      ? `, known are ${this.#registry.names(kind).join(", ")}`
      : `, did you mean "${near}"?`;
  }

  /** Says which part could not be made; errors that know their place keep it. */
  #guard<T>(kind: string, spec: ObjectSpec, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof ConfigError && error.section !== undefined) throw error;
      const reason = error instanceof ConfigError
        ? error.reason
        : error instanceof Error
        ? error.message
        : String(error);
      throw new ConfigError(`Cannot build ${kind} "${spec.name}": ${reason}`, {
        ...spec.place(),
        cause: error,
      });
    }
  }
}

function callFactory(factory: unknown, kwargs: ReadonlyMap<string, unknown>): unknown {
  const options = Object.fromEntries(kwargs);
  const isClass = /^class\b/.test(Function.prototype.toString.call(factory));
  return isClass
    ? new (factory as new (options: object) => unknown)(options)
    : (factory as (options: object) => unknown)(options);
}

function isFormatter(value: unknown): value is Formatter {
  return value instanceof Formatter ||
    (typeof value === "object" && value !== null && "format" in value);
}

function describeClass(spec: ObjectSpec): string {
  return `"${String(spec.factory ?? spec.className)}"`;
}
