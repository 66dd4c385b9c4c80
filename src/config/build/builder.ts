import { quote } from "../../core/errors/quote.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import type { FilterLike } from "../../core/filters/filter.ts";
import { Formatter } from "../../core/formatters/formatter.ts";
import { Handler, takesRecords } from "../../core/handlers/handler.ts";
import { requirePermissions } from "../../handlers/require_permissions.ts";
import { configLevel } from "./config_level.ts";
import type { Origin } from "./origins.ts";
import { type Made, PartMaker } from "./part_maker.ts";
import type { Registry } from "./registry.ts";
import type { WireGuard } from "./wire_guard.ts";
import type {
  FullSpec,
  HandlerSpec,
  LoggerSpec,
  ObjectSpec,
  PartKind,
  Place,
} from "../spec/config_spec.ts";

/** The objects of a configuration, ready to be put in force. */
export interface BuiltConfig {
  /** Handlers by name, in the order of their making. */
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly loggers: readonly BuiltLogger[];
  readonly root: BuiltLogger | undefined;
  /** How the formatters, filters and handlers were made. */
  readonly origins: ReadonlyMap<object, Origin>;
}

/** The changes of one logger, with objects in place of names. */
export interface BuiltLogger {
  readonly name: string;
  /** Undefined to leave the level. */
  readonly level: number | undefined;
  readonly handlers: readonly Handler[];
  readonly filters: readonly FilterLike[];
  /** Undefined to leave `propagate`. */
  readonly propagate: boolean | undefined;
}

/** Makes the objects of a configuration; nothing that is in force is touched. */
export class Builder {
  readonly #spec: FullSpec;
  readonly #maker: PartMaker;
  readonly #guard: WireGuard | undefined;
  readonly #formatters = new Map<string, Formatter>();
  readonly #filters = new Map<string, FilterLike>();
  readonly #handlers = new Map<string, Handler>();
  readonly #origins = new Map<object, Origin>();

  /** Takes the configuration, the names that it may use and, if it comes from outside, its guard. */
  constructor(spec: FullSpec, registry: Registry, guard?: WireGuard) {
    this.#spec = spec;
    this.#guard = guard;
    const find = this.#find.bind(this);
    this.#maker = new PartMaker(registry, { find }, spec, guard);
  }

  /** The handlers that it has made so far, by name. */
  get handlers(): ReadonlyMap<string, Handler> {
    return this.#handlers;
  }

  /**
   * Makes all objects.
   *
   * @throws {ConfigError} The first thing that cannot be made, and why.
   */
  build(): BuiltConfig {
    for (const spec of this.#spec.handlers) this.#maker.checkAhead(spec, "handler");
    for (const spec of this.#spec.formatters) {
      guardMaking("formatter", spec, () => this.#addFormatter(spec));
    }
    for (const spec of this.#spec.filters) guardMaking("filter", spec, () => this.#addFilter(spec));
    this.#addHandlers();
    return {
      handlers: this.#handlers,
      loggers: this.#spec.loggers.map((spec) => this.#logger(spec)),
      root: this.#spec.root === undefined ? undefined : this.#logger(this.#spec.root),
      origins: this.#origins,
    };
  }

  #addFormatter(spec: ObjectSpec): void {
    const made = this.#maker.make(spec, "formatter", "logging.Formatter");
    if (!isFormatter(made.part)) {
      throw new TypeError(`${describeClass(spec)} does not make a formatter`);
    }
    this.#formatters.set(spec.name, made.part);
    this.#finish(spec, made.part, made);
  }

  #addFilter(spec: ObjectSpec): void {
    const made = this.#maker.make(spec, "filter", "logging.Filter");
    if (!isFilter(made.part)) throw new TypeError(`${describeClass(spec)} does not make a filter`);
    this.#filters.set(spec.name, made.part);
    this.#finish(spec, made.part, made);
  }

  #addHandlers(): void {
    const { source, handlers } = this.#spec;
    const later: (() => void)[] = [];
    for (const spec of handlers) {
      const add = () => guardMaking("handler", spec, () => this.#addHandler(spec, later));
      guardMaking("handler", spec, () => {
        // A handler waits only once: in a chain of targets, CPython too takes names in their order.
        if (source === "dict" && this.#waitsForOthers(spec)) later.push(add);
        else this.#addHandler(spec, later);
      });
    }
    for (const finish of later) finish();
  }

  /** Whether a handler of a dict takes others of which one has not been made yet. */
  #waitsForOthers(spec: HandlerSpec): boolean {
    return this.#maker.handlersFor(spec).some((wanted) =>
      !this.#handlers.has(wanted as string) &&
      this.#spec.handlers.some(({ name }) => name === wanted)
    );
  }

  #addHandler(spec: HandlerSpec, later: (() => void)[]): void {
    const level = configLevel(spec);
    const formatter = spec.formatter === undefined
      ? undefined
      : this.#find("formatter", spec.formatter, spec.place, "formatter") as Formatter;
    const given = spec.factory ?? spec.className;
    // Another copy's class would be made as if its arguments were one object, and fail by these.
    if (typeof given === "function" && takesRecords(given.prototype)) {
      requireHandler(spec, given.prototype);
    }
    const made = this.#maker.make(spec, "handler");
    const handler = requireHandler(spec, made.part);
    // It is noted at once, so that it is closed if the rest of it is refused.
    this.#handlers.set(spec.name, handler);
    handler.name = spec.name;
    if (formatter !== undefined) handler.setFormatter(formatter);
    if (level !== undefined) handler.setLevel(level);
    const filters = this.#filterList(spec);
    for (const filter of this.#guard?.withRedactions(filters) ?? filters) handler.addFilter(filter);
    this.#finish(spec, handler, made);
    // This comes last, since a `namer` among the attributes decides where backups are.
    requirePermissions(handler.requiredPermissions());
    if (this.#spec.source === "ini" && made.takesTarget) {
      later.push(() => this.#setTarget(spec, handler));
    }
  }

  /** In a `.conf`, `target=` is a key of the section, and may name any handler. */
  #setTarget(spec: HandlerSpec, handler: Handler): void {
    const target = spec.readTarget();
    if (target === undefined) return;
    const found = this.#find("handler", target, spec.place, "target");
    (handler as Handler & { setTarget(target: unknown): void }).setTarget(found);
  }

  #finish(spec: ObjectSpec, part: object, { origin }: Made): void {
    this.#origins.set(part, origin);
    for (const [name, value] of spec.attributes) {
      if (name === "__proto__") {
        throw new ConfigError('Cannot set attribute "__proto__"', { ...spec.place(".") });
      }
      (part as Record<string, unknown>)[name] = value;
    }
  }

  #logger(spec: LoggerSpec): BuiltLogger {
    const filters = this.#filterList(spec), guard = this.#guard;
    return {
      name: spec.name,
      level: configLevel(spec),
      handlers: spec.handlers.map((name) =>
        this.#find("handler", name, spec.place, "handlers") as Handler
      ),
      // A logger needs them even without handlers, since watchers see its records.
      filters: guard?.withRedactions(filters, guard.filtersOf(spec.name)) ?? filters,
      propagate: spec.propagate,
    };
  }

  #filterList({ filters, place }: HandlerSpec | LoggerSpec): FilterLike[] {
    return filters.map((filter) =>
      isFilter(filter) ? filter : this.#find("filter", filter, place, "filters") as FilterLike
    );
  }

  #find(kind: PartKind, name: unknown, place: Place, key: string): unknown {
    const known: ReadonlyMap<unknown, unknown> = {
      formatter: this.#formatters,
      filter: this.#filters,
      handler: this.#handlers,
    }[kind];
    const found = known.get(name);
    if (found !== undefined) return found;
    // The handlers of loggers are looked up when all are made, so it is another handler that asks.
    const isMadeLater = kind === "handler" && this.#spec.handlers.some((one) => one.name === name);
    if (isMadeLater) throw lateHandler(name, place, key);
    // Of the handlers that are defined, some may not have been made yet.
    const defined = kind === "handler" ? this.#spec.handlers.map((one) => one.name) : known.keys();
    throw unknownPart(kind, name, [...defined], place, key);
  }
}

/** The error where a handler of a dict takes one that is not made when its turn comes. */
export function lateHandler(name: unknown, place: Place, key: string): ConfigError {
  const rule = "handlers are made in the order of their names, and one that takes others waits " +
    "only until the rest are made once; rename them, and let none take itself";
  return new ConfigError(`Cannot find handler "${name}" yet: ${rule}`, { ...place(key) });
}

/** Most parts that an error names. */
const MAX_NAMED = 20;

/** The error where a configuration names a part that it does not define. */
export function unknownPart(
  kind: PartKind,
  name: unknown,
  defined: readonly unknown[],
  place: Place,
  key: string,
): ConfigError {
  const more = defined.length - MAX_NAMED;
  const names = defined.slice(0, MAX_NAMED).join(", ") || "none";
  const hint = name === ""
    ? "an item of the list is empty"
    : `defined are ${names}${more > 0 ? `, … (${more} more)` : ""}`;
  // The name is shown whole, however long, since people search for it.
  const shown = typeof name === "string" ? `"${name}"` : quote(name);
  return new ConfigError(`Cannot find ${kind} ${shown}: ${hint}`, { ...place(key) });
}

/** Says which part could not be made; errors that know their place keep it. */
export function guardMaking(kind: PartKind, spec: ObjectSpec, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError && error.section !== undefined) throw error;
    const reason = error instanceof ConfigError
      ? error.reason
      : error instanceof Error
      ? error.message
      : String(error);
    throw new ConfigError(`Cannot build ${kind} "${spec.name}": ${reason}`, {
      ...spec.place(kind === "formatter" ? keyAtFault(spec, error) : undefined),
      cause: error,
    });
  }
}

/** The key of a formatter's format or style that is wrong. */
function keyAtFault(spec: ObjectSpec, error: unknown): string | undefined {
  if (!(error instanceof RangeError)) return undefined;
  if (error.message.startsWith("Cannot use style ")) return "style";
  if (error.name !== "ValueError") return undefined;
  if (spec.factory === undefined) return "format";
  const { kwargs } = spec.readArguments(() => undefined);
  return ["fmt", "format"].find((key) => kwargs.has(key));
}

function isFormatter(value: unknown): value is Formatter {
  return value instanceof Formatter || hasMethod(value, "format");
}

function isFilter(value: unknown): value is FilterLike {
  return typeof value === "function" || hasMethod(value, "filter");
}

function hasMethod(value: unknown, name: string): value is object {
  // Arrays are left out, since they have a method `filter`.
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    typeof (value as Record<string, unknown>)[name] === "function";
}

/** There may be two copies of the library, as where a package brings another version. */
function requireHandler(spec: ObjectSpec, part: unknown): Handler {
  if (part instanceof Handler) return part;
  const way = takesRecords(part) ? " of this copy of logdial: add it by addHandler" : "";
  throw new TypeError(`${describeClass(spec)} does not make a handler${way}`);
}

/** The name of what should have made a part; of a function not its text, which may go to a sender. */
function describeClass({ factory, className }: ObjectSpec): string {
  const maker = factory ?? className;
  const name: unknown = typeof maker === "function" ? maker.name : undefined;
  return quote(typeof name === "string" && name !== "" ? name : maker);
}
