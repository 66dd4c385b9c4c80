import { ConfigError } from "../../core/errors/config_error.ts";
import { didYouMean, nearest } from "../../core/errors/suggest.ts";
import { Handler } from "../../core/handlers/handler.ts";
import { Formatter } from "../../core/formatters/formatter.ts";
import { NullHandler } from "../../handlers/null_handler.ts";
import { StreamHandler } from "../../handlers/stream_handler.ts";
import { guardMaking, unknownPart } from "../build/builder.ts";
import { HANDLER_NAMES } from "../build/builtin_names.ts";
import { configLevel } from "../build/config_level.ts";
import { PartMaker, UnknownClassError } from "../build/part_maker.ts";
import type { Recipe } from "../build/recipe.ts";
import { standardRegistry } from "../build/registry.ts";
import type {
  ConfigSpec,
  FullSpec,
  HandlerSpec,
  LevelSpec,
  LoggerSpec,
  ObjectSpec,
  PartKind,
  Place,
} from "../spec/config_spec.ts";

/** Something that would keep a configuration from being built. */
export interface Problem {
  readonly error: ConfigError;
  /** Whether a program can make it right, by registering a name. */
  readonly isForProgram: boolean;
}

const REGISTER: Record<PartKind, string> = {
  handler: "registerHandler",
  formatter: "registerFormatter",
  filter: "registerFilter",
};

/**
 * Everything that would keep a configuration from being built where only the names of Python's
 * `logging` and of logdial are known. Nothing is opened, sent or started: handlers are made only
 * where that has no effect, and of the others the names and the arguments are looked at.
 */
export function tryBuild(spec: ConfigSpec): Problem[] {
  return new Trial(spec).problems();
}

class Trial {
  readonly #spec: ConfigSpec;
  readonly #problems: Problem[] = [];
  readonly #registry = standardRegistry();

  constructor(spec: ConfigSpec) {
    this.#spec = spec;
  }

  problems(): Problem[] {
    const spec = this.#spec;
    if (spec.incremental) {
      for (const one of [...spec.handlers, ...spec.loggers]) this.#level(one);
      if (spec.root !== undefined) this.#level(spec.root);
      return this.#problems;
    }
    const find = (kind: PartKind, name: unknown, place: Place, key: string) =>
      this.#find(spec, kind, name, place, key);
    const maker = new PartMaker(this.#registry, { find }, spec.source === "ini");
    for (const one of spec.formatters) {
      this.#make(one, "formatter", () => maker.make(one, "formatter", "logging.Formatter"));
    }
    for (const one of spec.filters) {
      this.#make(one, "filter", () => maker.make(one, "filter", "logging.Filter"));
    }
    for (const one of spec.handlers) this.#handler(spec, one, maker);
    for (const one of [...spec.root === undefined ? [] : [spec.root], ...spec.loggers]) {
      this.#logger(spec, one);
    }
    return this.#problems;
  }

  #handler(whole: FullSpec, spec: HandlerSpec, maker: PartMaker): void {
    this.#level(spec);
    const { formatter, filters, place } = spec;
    if (formatter !== undefined) {
      this.#try(() => this.#find(whole, "formatter", formatter, place, "formatter"));
    }
    this.#filters(whole, filters, place);
    this.#make(spec, "handler", () => {
      const recipe = maker.recipe(spec, "handler");
      const target = recipe.takesTarget && whole.source === "ini" ? spec.readTarget() : undefined;
      if (target !== undefined) this.#find(whole, "handler", target, place, "target");
      makeHarmless(recipe);
    });
  }

  #logger(whole: FullSpec, spec: LoggerSpec): void {
    this.#level(spec);
    for (const name of spec.handlers) {
      this.#try(() => this.#find(whole, "handler", name, spec.place, "handlers"));
    }
    this.#filters(whole, spec.filters, spec.place);
  }

  #filters(whole: FullSpec, filters: readonly unknown[], place: Place): void {
    for (const filter of filters) {
      if (typeof filter !== "string") continue;
      this.#try(() => this.#find(whole, "filter", filter, place, "filters"));
    }
  }

  #level(spec: LevelSpec): void {
    this.#try(() => configLevel(spec));
  }

  /** What stands for a part, if there is to be one of that name. */
  #find(spec: FullSpec, kind: PartKind, name: unknown, place: Place, key: string): unknown {
    const parts = { formatter: spec.formatters, filter: spec.filters, handler: spec.handlers };
    const names = parts[kind].map(({ name }) => name);
    if (!(names as unknown[]).includes(name)) throw unknownPart(kind, name, names, place, key);
    if (kind === "handler") return new NullHandler();
    return kind === "formatter" ? new Formatter() : () => true;
  }

  #make(spec: ObjectSpec, kind: PartKind, make: () => void): void {
    this.#try(() => guardMaking(kind, spec, make));
  }

  #try(does: () => unknown): void {
    try {
      does();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#problems.push(
        error instanceof UnknownClassError
          ? this.#unknownClass(error)
          : { error, isForProgram: false },
      );
    }
  }

  #namesOf(kind: PartKind): readonly string[] {
    return kind === "handler" ? HANDLER_NAMES : this.#registry.names(kind);
  }

  /** One that is nearly a built-in one, in its place, is misspelt; any other may be the program's. */
  #unknownClass(error: UnknownClassError): Problem {
    const { kind, className, section, key, line } = error;
    const isOurs = /^(?:logging|logdial|handlers)\./.test(className) || !className.includes(".");
    const near = isOurs ? nearest(className, this.#namesOf(kind)) : undefined;
    if (near !== undefined) {
      const reason = `Unknown ${kind} class "${className}", ${didYouMean(near)}`;
      return { error: new ConfigError(reason, { section, key, line }), isForProgram: false };
    }
    const call = `${REGISTER[kind]}("${className}", …)`;
    const reason = `Class "${className}" needs ${call} in the program`;
    return { error: new ConfigError(reason, { section, key, line }), isForProgram: true };
  }
}

/** Makes a handler where that opens, sends and starts nothing, so that its values are looked at. */
function makeHarmless({ make, bound, parameters, type }: Recipe): void {
  const delay = parameters.indexOf("delay?");
  const args = [...bound];
  if (delay >= 0) args[delay] = true;
  else if (type !== NullHandler && type !== StreamHandler) return;
  const handler = make(args);
  if (handler instanceof Handler) handler.close();
}
