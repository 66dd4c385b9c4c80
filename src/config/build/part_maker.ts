import { ConfigError } from "../../core/errors/config_error.ts";
import { isError, reasonOf } from "../../core/values/thrown.ts";
import { QueueHandler } from "../../handlers/queues/queue_handler.ts";
import { formatterClass, isClassOf, registrationOfClass } from "./given_class.ts";
import { nearClass } from "./near_class.ts";
import {
  addWords,
  ArgumentError,
  argumentIn,
  bindArguments,
  hasParameter,
  type Parameters,
} from "./parameters.ts";
import { handlerNames, queueRecipe } from "./queue_recipe.ts";
import {
  byName,
  factoryRecipe,
  isSharable,
  keepRecipe,
  keptRecipe,
  makingOf,
  type Recipe,
  standInRecipe,
} from "./recipe.ts";
import type { Registration, Registry } from "./registry.ts";
import { pureName, refusedName, SURROUNDINGS, type Surroundings } from "../literal/pure_names.ts";
import { UnknownClassError } from "./unknown_class_error.ts";
import type { UnknownClass } from "../spec/unknown_class.ts";
import type { WireGuard } from "./wire_guard.ts";
import {
  type BoundArguments,
  type FullSpec,
  type HandlerSpec,
  type ObjectSpec,
  type PartKind,
  PartReference,
  type Place,
} from "../spec/config_spec.ts";

const KINDS: readonly PartKind[] = ["handler", "formatter", "filter"];

/** A part that was made, and how. */
export interface Made extends Pick<Recipe, "origin" | "takesTarget"> {
  readonly part: unknown;
}

/** What the maker asks of the builder. */
export interface PartSource {
  /** The part that a reference or name stands for. */
  find(kind: PartKind, name: unknown, place: Place, key: string): unknown;
  /** The machine that names such as `os.environ` stand for; by default the program's own. */
  readonly surroundings?: Surroundings;
}

interface ReadArguments extends Pick<BoundArguments, "args" | "words"> {
  /** The named arguments, with the parts themselves in the place of references to them. */
  readonly named: Map<unknown, unknown>;
  readonly canKeep: (bound: readonly unknown[]) => boolean;
}

/** Makes one object of a configuration: finds its class and gives it its arguments. */
export class PartMaker {
  readonly #registry: Registry;
  readonly #source: PartSource;
  readonly #isIni: boolean;
  readonly #unknownClass: UnknownClass | undefined;
  /** What the program has given for unknown classes, by kind and name. */
  readonly #given = new Map<string, Registration<unknown> | undefined>();
  readonly #guard: WireGuard | undefined;

  /** Makes parts of `spec`; `guard` is there if it comes from outside. */
  constructor(registry: Registry, source: PartSource, spec: FullSpec, guard?: WireGuard) {
    this.#registry = registry;
    this.#source = source;
    this.#isIni = spec.source === "ini";
    this.#unknownClass = spec.unknownClass;
    this.#guard = guard;
  }

  /** The registration of the class that a handler's name means, or of a class in its place. */
  handlerClass(name: unknown): Registration<unknown> | undefined {
    if (typeof name !== "string") return registrationOfClass(name, this.#registry);
    // In a .conf, names are looked up inside `logging` first.
    const names = this.#isIni ? [name, `logging.${name}`] : [name];
    for (const one of names) {
      // Python's module `logging.handlers` has imported `logging`, so that it is found there too.
      const direct = one.replace(/^logging\.(?:handlers\.logging\.)+/, "logging.");
      const found = this.#registry.handler(one) ?? this.#registry.handler(direct);
      if (found !== undefined) return found;
    }
    return this.#givenClass("handler", name);
  }

  /** The class that the program gives for a name that nothing is registered as; asked for once. */
  #givenClass(kind: PartKind, name: string): Registration<unknown> | undefined {
    if (typeof this.#unknownClass !== "function") return undefined;
    const key = `${kind} ${name}`;
    if (!this.#given.has(key)) {
      const type = this.#unknownClass(kind, name) ?? undefined;
      this.#given.set(key, type && this.#registry.registrationFor(name, type));
    }
    return this.#given.get(key);
  }

  /** The names of the handlers that a handler of a dict hands its records to. */
  handlersFor({ className, readTarget, readHandlers }: HandlerSpec): readonly unknown[] {
    const registration = this.handlerClass(className);
    if (registration?.parameters.includes("target?")) return [readTarget()];
    const isForQueue = isClassOf(registration?.type ?? className, QueueHandler);
    return isForQueue ? handlerNames(readHandlers()) ?? [] : [];
  }

  /**
   * Makes a part.
   *
   * @throws {ConfigError} An unknown class.
   * @throws {Error} Arguments that the class does not take.
   */
  make(spec: ObjectSpec, kind: PartKind, ownClass?: string): Made {
    const recipe = this.recipe(spec, kind, ownClass);
    const { make, bound, origin, takesTarget } = recipe;
    this.#guard?.check(kind, spec, recipe);
    return { part: make(this.#guard?.arguments(recipe) ?? bound), origin, takesTarget };
  }

  /**
   * How a part would be made: its class, and the arguments for that.
   *
   * @throws {ConfigError} An unknown class.
   * @throws {Error} Arguments that the class does not take.
   */
  recipe(spec: ObjectSpec, kind: PartKind, ownClass?: string): Recipe {
    return keptRecipe(spec, this.#registry) ?? this.#read(spec, kind, ownClass);
  }

  /**
   * Makes sure that a part may be made, before any other part is made. What cannot be read yet, such as
   * references to parts that are still to be made, is checked when the part is made.
   *
   * @throws {ConfigError} The part may not be made.
   */
  checkAhead(spec: ObjectSpec, kind: PartKind, ownClass?: string): void {
    if (this.#guard === undefined) return;
    let recipe: Recipe;
    try {
      recipe = this.recipe(spec, kind, ownClass);
    } catch {
      // The part fails again when it is made, with the same error.
      return;
    }
    this.#guard.check(kind, spec, recipe);
  }

  #read(spec: ObjectSpec, kind: PartKind, ownClass?: string): Recipe {
    const registry = this.#registry;
    const { args, named, words, canKeep } = this.#readArguments(spec);
    // A class may stand for its name.
    const factory = spec.factory === undefined ? spec.className : this.#factoryOf(spec, kind);
    const given = registrationOfClass(factory, registry) ?? formatterClass(spec, kind, registry);
    if (kind === "handler" && !this.#isIni && spec.factory === undefined) {
      const type = typeof factory === "function" ? factory : this.handlerClass(factory)?.type;
      if (isClassOf(type, QueueHandler)) return this.#queueRecipe(spec, type, named);
    }
    if (typeof factory === "function" && given === undefined) {
      return factoryRecipe(spec, factory, named);
    }
    const registration = given ?? this.#classOf(spec, kind, ownClass);
    if (typeof registration === "string") {
      return standInRecipe(spec, kind, registration, args, named);
    }
    const { name, parameters } = registration;
    addWords(words, parameters, named);
    this.#adaptToClass(spec, kind, named, parameters);
    const bound = this.#placed(spec, kind, named, () => {
      return bindArguments(name, parameters, args, named);
    });
    // A class that the program only gives, and has not registered, is not for unsigned changes.
    const isRegistered = given === undefined || registry.registrationOf(given.type) === given;
    const placed = (does: () => unknown) => this.#placed(spec, kind, named, does, parameters);
    const recipe: Recipe = {
      make: (args) => placed(() => registration.create(...args as never[])),
      placed,
      type: isRegistered || kind === "handler" ? registration.type : undefined,
      parameters,
      bound,
      origin: makingOf(spec, isRegistered ? name : undefined, byName(parameters, bound)),
      takesTarget: takesTarget(kind, parameters),
    };
    if (canKeep(bound)) keepRecipe(spec, registry, recipe);
    return recipe;
  }

  /** Reads the arguments of a part; `canKeep` says whether a recipe with them can be kept. */
  #readArguments(spec: ObjectSpec): ReadArguments {
    const registry = this.#registry, registeredValues = new Set<unknown>();
    let isFixed = true;
    const { args, kwargs, words } = spec.readArguments((name) => {
      const found = registry.object(name);
      if (found !== undefined) {
        registeredValues.add(found.value);
        return found;
      }
      const pure = this.#guard?.isOwn === false
        ? refusedName(name)
        : pureName(name, this.#source.surroundings ?? SURROUNDINGS);
      // A name such as `os.environ` may have another value the next time, so no recipe is kept.
      // Where a name is unknown, one may be: to register the name drops the recipes that were kept
      // before.
      if (pure !== undefined) isFixed = false;
      return pure;
    });
    const named = new Map<unknown, unknown>();
    for (const [name, value] of kwargs) named.set(name, this.#resolve(value, spec.place));
    const canKeep = (bound: readonly unknown[]) =>
      isFixed && bound.every((value) => isSharable(value, registeredValues));
    return { args, named, words, canKeep };
  }

  /** Changes named arguments into those that the class takes. */
  #adaptToClass(
    spec: ObjectSpec,
    kind: PartKind,
    named: Map<unknown, unknown>,
    parameters: Parameters,
  ): void {
    const isOfDict = !this.#isIni && spec.factory === undefined;
    if (isOfDict && takesTarget(kind, parameters) && named.has("target")) {
      const target = named.get("target");
      named.set("target", this.#source.find("handler", target, spec.place, "target"));
    }
    if (kind === "formatter" && !hasParameter(parameters, "format") && named.has("format")) {
      // Dicts still call the parameter by its old name.
      named.set("fmt", named.get("format"));
      named.delete("format");
    }
  }

  /** Runs `make`, and adds to its error the place of the argument that the error names. */
  #placed<T>(
    spec: ObjectSpec,
    kind: PartKind,
    named: ReadonlyMap<unknown, unknown>,
    make: () => T,
    parameters: Parameters = [],
  ): T {
    try {
      return make();
    } catch (error) {
      const isRefused = error instanceof ArgumentError;
      // The builder, which has the formatter made, tells what is wrong with a format.
      const isOfFormat = kind === "formatter" && isError(error) && error.name === "ValueError";
      if (error instanceof ConfigError || isOfFormat) throw error;
      const message = reasonOf(error);
      const argument = isRefused ? error.argument : argumentIn(message, parameters);
      if (!isRefused && argument === undefined) throw error;
      const key = this.#keyOf(argument, spec, kind, named);
      const isFormatterClass = isRefused && kind === "formatter" && spec.factory === undefined;
      const way = isFormatterClass ? wayOfFormatterClass(this.#isIni) : "";
      const reason = `Cannot build ${kind} "${spec.name}": ${message}${way}`;
      throw new ConfigError(reason, { ...spec.place(key), cause: error });
    }
  }

  /** The key under which an argument stands. */
  #keyOf(
    argument: string | undefined,
    { factory }: ObjectSpec,
    kind: PartKind,
    named: ReadonlyMap<unknown, unknown>,
  ): string | undefined {
    const isGiven = argument !== undefined && named.has(argument);
    if (kind === "formatter" && factory === undefined) {
      return argument === "fmt" ? "format" : argument;
    }
    // In a `.conf`, all of them are in one of two options.
    if (this.#isIni) return isGiven ? "kwargs" : "args";
    return isGiven ? argument : undefined;
  }

  #queueRecipe(spec: ObjectSpec, type: unknown, named: ReadonlyMap<unknown, unknown>): Recipe {
    const registry = this.#registry;
    const { place } = spec;
    const findHandler = (name: unknown) => this.#source.find("handler", name, place, "handlers");
    const recipe = this.#placed(spec, "handler", named, () => {
      return queueRecipe({ type, named, registry, findHandler, place });
    });
    const name = registry.registrationOf(type)?.name;
    const kwargs = named as ReadonlyMap<string, unknown>;
    return { ...recipe, type, origin: makingOf(spec, name, kwargs), takesTarget: false };
  }

  /** The factory, which may be a function that the program has registered. */
  #factoryOf({ factory }: ObjectSpec, kind: PartKind): unknown {
    if (typeof factory !== "string" || this.#registry[kind](factory) !== undefined) return factory;
    const found = this.#registry.object(factory)?.value;
    return typeof found === "function" ? found : factory;
  }

  /** The registration of a part's class; the class's name if a stand-in takes its place. */
  #classOf(
    spec: ObjectSpec,
    kind: PartKind,
    ownClass?: string,
  ): Registration<unknown> | string {
    const isFactory = spec.factory !== undefined;
    const name = isFactory ? spec.factory : spec.className ?? ownClass;
    const place = spec.place(isFactory ? "()" : "class");
    if (typeof name !== "string" || name === "") {
      throw new ConfigError(`Cannot build ${kind} "${spec.name}": it needs a class`, { ...place });
    }
    const found = kind === "handler"
      ? this.handlerClass(name)
      : this.#registry[kind](name) ?? this.#givenClass(kind, name);
    if (found !== undefined) return found;
    const other = KINDS.find((one) => this.#registry[one](name) !== undefined);
    if (other !== undefined) {
      throw new ConfigError(
        `Cannot build ${kind} "${spec.name}": "${name}" is a class of ${other}s`,
        { ...place },
      );
    }
    const unknownClass = this.#unknownClass;
    const near = nearClass(kind, name, this.#isIni, this.#registry.names(kind));
    // A class that is nearly a known one is misspelt: no stand-in takes its place.
    if (unknownClass === "stand-in" && near === undefined) return name;
    throw new UnknownClassError(
      `Cannot build ${kind} "${spec.name}": unknown class "${name}"`,
      {
        ...place,
        kind,
        className: name,
        near,
        takesOption: this.#guard === undefined && unknownClass === undefined,
      },
    );
  }

  /** Puts the parts themselves in place of references to them. */
  #resolve(value: unknown, place: Place): unknown {
    if (value instanceof PartReference) {
      return this.#source.find(value.kind, value.name, place, value.kind);
    }
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, place));
    return value;
  }
}

/** Whether a class is one of handlers that hand records on to a `target`. */
function takesTarget(kind: PartKind, parameters: Parameters): boolean {
  return kind === "handler" && parameters.includes("target?");
}

/** The end of a message: which arguments a formatter's class gets, and how to give it others. */
function wayOfFormatterClass(isIni: boolean): string {
  const given = "; as class it is given format, datefmt and style";
  return isIni ? given : `${given}, by "()" in place of class its own arguments`;
}
