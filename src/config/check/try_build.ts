import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { didYouMean, nearest } from "../../core/errors/suggest.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { getLevelNamesMapping } from "../../core/levels/levels.ts";
import { Formatter } from "../../core/formatters/formatter.ts";
import { NullHandler } from "../../handlers/null_handler.ts";
import { guardMaking, lateHandler, unknownPart } from "../build/builder.ts";
import { buildRecording } from "../build/build_recording.ts";
import { lastPart, SUBPATHS } from "../build/builtin_names.ts";
import { configLevel } from "../build/config_level.ts";
import { PartMaker } from "../build/part_maker.ts";
import { registerCall, UnknownClassError } from "../build/unknown_class_error.ts";
import { PRETENDED_SURROUNDINGS, refusedName } from "../literal/pure_names.ts";
import { type Registry, standardRegistry } from "../build/registry.ts";
import { standInText } from "../build/stand_in.ts";
import type {
  BoundArguments,
  ConfigSpec,
  FullSpec,
  HandlerSpec,
  LevelSpec,
  LoggerSpec,
  ObjectSpec,
  PartKind,
  Place,
} from "../spec/config_spec.ts";
import { withoutComment } from "../spec/text_values.ts";
import { UnknownNameError } from "../spec/unknown_name_error.ts";
import { type ParsedConfig, readParsedConfig } from "../text/config_text.ts";
import type { Finding } from "./finding.ts";
import { lateHandlers } from "./late_handlers.ts";
import { isOfThisProcess, makeHarmless, UnopenableHere } from "./make_harmless.ts";
import { isOfMadeUpValue, type Makers } from "./made_up_value.ts";
import { findText, resolveOrStandIn, UnknownName, unknownNamesIn } from "./unknown_name.ts";

/** Something that would keep a configuration from being built. */
export interface Problem {
  readonly error: ConfigError;
  /** A warning if a program is likely to know better. */
  readonly severity: Finding["severity"];
  /** Whether a program can make it right by registering a name. */
  readonly isForProgram: boolean;
}

/** The purpose for which a configuration is checked. */
export interface TrialOptions {
  /** Whether stand-ins take the place of unknown classes. @default false */
  standsIn?: boolean;
  /** Whether it will be sent: then less is allowed than in a program's own file. @default false */
  isSent?: boolean;
}

/**
 * Everything that would keep a configuration from being built where only the names of Python's
 * `logging` and of logdial are known. Nothing is opened, sent or started; `defaults` are options of
 * every section of INI.
 */
export function tryBuild(
  parsed: ParsedConfig,
  defaults: Readonly<Record<string, string>>,
  options: TrialOptions = {},
): Problem[] {
  return new Trial(standardRegistry(), options).run(parsed, defaults);
}

class Trial {
  readonly #problems: Problem[] = [];
  readonly #registry: Registry;
  /** Names of the parts, by kind: each is looked for many times. */
  readonly #names = new Map<PartKind, ReadonlySet<unknown>>();
  /** Stands for the target of a handler. */
  readonly #standIn = new NullHandler();
  #makers: Makers | undefined;
  readonly #standsIn: boolean;
  readonly #isSent: boolean;
  /** Unknown names of which has been told. */
  readonly #told = new Set<string>();

  constructor(registry: Registry, { standsIn = false, isSent = false }: TrialOptions) {
    this.#registry = registry;
    this.#standsIn = standsIn;
    this.#isSent = isSent;
  }

  run(parsed: ParsedConfig, defaults: Readonly<Record<string, string>>): Problem[] {
    const unknown = new Set<string>();
    const resolve = resolveOrStandIn((name) => this.#registry.object(name), unknown);
    this.#try(() =>
      this.#build(readParsedConfig(parsed, resolve, defaults, (error) => this.#add(error)))
    );
    // Those that stand for no argument, such as that of `propagate`.
    for (const name of unknown) {
      const text = `ext://${name}`;
      if (!this.#told.has(name)) this.#unknownName(text, findText(parsed, text) ?? {});
    }
    this.#standIn.close();
    return this.#problems;
  }

  #build(spec: ConfigSpec): void {
    const { recording } = spec;
    if (recording !== undefined) this.#try(() => buildRecording(recording));
    if (spec.incremental) {
      for (const one of [...spec.handlers, ...spec.loggers]) this.#level(one);
      if (spec.root !== undefined) this.#level(spec.root);
      return;
    }
    const find = (kind: PartKind, name: unknown, place: Place, key: string) =>
      this.#find(spec, kind, name, place, key);
    const [maker, other] = PRETENDED_SURROUNDINGS.map((surroundings) =>
      new PartMaker(this.#registry, { find, surroundings }, spec)
    ) as [PartMaker, PartMaker];
    this.#makers = [maker, other];
    for (const one of spec.formatters) {
      this.#object(one, "formatter", "logging.Formatter", maker);
    }
    for (const one of spec.filters) {
      this.#object(one, "filter", "logging.Filter", maker);
    }
    for (const one of spec.handlers) this.#handler(spec, one, maker);
    if (spec.source === "dict") this.#order(spec, maker);
    for (const one of [...spec.root === undefined ? [] : [spec.root], ...spec.loggers]) {
      this.#logger(spec, one);
    }
  }

  #handler(whole: FullSpec, spec: HandlerSpec, maker: PartMaker): void {
    this.#level(spec);
    const { formatter, filters, place } = spec;
    if (formatter !== undefined) {
      this.#try(() => this.#find(whole, "formatter", formatter, place, "formatter"));
    }
    this.#filters(whole, filters, place);
    this.#make(spec, "handler", (spec, isWhole) => {
      const recipe = maker.recipe(spec, "handler");
      const target = recipe.takesTarget && whole.source === "ini" ? spec.readTarget() : undefined;
      if (target !== undefined) this.#find(whole, "handler", target, place, "target");
      if (isWhole) makeHarmless(recipe, this.#isHere(spec));
    });
  }

  /** Whether handlers that take others find them made: in a `.conf` they are looked up last. */
  #order({ handlers }: FullSpec, maker: PartMaker): void {
    const takes = (spec: HandlerSpec) => {
      try {
        return maker.handlersFor(spec);
      } catch {
        return []; // What is wrong with it has been told.
      }
    };
    for (const { spec, wanted } of lateHandlers(handlers, takes)) {
      const key = spec.readTarget() === wanted ? "target" : "handlers";
      this.#add(lateHandler(wanted, spec.place, key));
    }
  }

  /** Whether paths are of this machine: not of one that it is sent to, nor what a program finds. */
  #isHere(spec: ObjectSpec): boolean {
    return !this.#isSent && attempt(() => this.#readPlainly(spec)) === undefined;
  }

  /** Reads arguments without names such as `os.getcwd()`. */
  #readPlainly(spec: ObjectSpec): BoundArguments {
    return spec.readArguments((name) => this.#registry.object(name) ?? refusedName(name));
  }

  #object(spec: ObjectSpec, kind: PartKind, ownClass: string, maker: PartMaker): void {
    this.#make(spec, kind, (spec, isWhole) => {
      const { make, bound } = maker.recipe(spec, kind, ownClass);
      if (isWhole) make(bound);
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
      this.#try(() => this.#find(whole, "filter", filter, place, "filters"));
    }
  }

  #level(spec: LevelSpec): void {
    const { level, place } = spec;
    if (level instanceof UnknownName) this.#unknownName(level.name, place("level"));
    else this.#try(() => configLevel(spec));
  }

  /** What stands for a part, if the configuration has one with that name. */
  #find(spec: FullSpec, kind: PartKind, name: unknown, place: Place, key: string): unknown {
    const names = this.#namesOf(spec, kind);
    if (!names.has(name)) throw unknownPart(kind, name, [...names], place, key);
    if (kind === "handler") return this.#standIn;
    return kind === "formatter" ? new Formatter() : () => true;
  }

  #namesOf(spec: FullSpec, kind: PartKind): ReadonlySet<unknown> {
    const known = this.#names.get(kind);
    if (known !== undefined) return known;
    const parts = { formatter: spec.formatters, filter: spec.filters, handler: spec.handlers };
    const names = new Set<unknown>(parts[kind].map(({ name }) => name));
    this.#names.set(kind, names);
    return names;
  }

  /** Makes a part; if it has names that only a program knows, only its class is checked. */
  #make<T extends ObjectSpec>(
    spec: T,
    kind: PartKind,
    make: (spec: T, isWhole: boolean) => void,
  ): void {
    // In a `.conf`, they are looked up when the part is made.
    const unknown = unknownNamesIn(spec, readQuietly(spec));
    const isClass = (key: string) => key === "class" || key === "()";
    for (const { key, name } of unknown) {
      this.#unknownName(`ext://${name}`, spec.place(key), isClass(key) ? kind : undefined);
    }
    if (unknown.some(({ key }) => isClass(key))) return;
    const failed = this.#try(
      () => guardMaking(kind, spec, () => make(spec, unknown.length === 0)),
      (error) => this.#isUnsure(error, spec, kind),
    );
    if (failed === undefined) {
      if (this.#isSent) this.#sent(spec);
    } else if (!(failed instanceof UnknownClassError)) {
      // The class is checked even if the arguments cannot be read.
      const error = attempt(() => make({ ...spec, readArguments: () => NO_ARGUMENTS }, false));
      if (error instanceof UnknownClassError) this.#add(error);
    }
  }

  /** Names such as `os.getcwd()` are for a program's own file; CPython's listeners take them. */
  #sent(spec: ObjectSpec): void {
    const error = attempt(() => this.#readPlainly(spec));
    if (!(error instanceof ConfigError) || error instanceof UnknownNameError) return;
    this.#problems.push({ error, severity: "warning", isForProgram: false });
  }

  #try(
    does: () => unknown,
    isUnsure: (error: ConfigError) => boolean = () => false,
  ): ConfigError | undefined {
    const error = attempt(does);
    if (error === undefined) return undefined;
    if (!(error instanceof ConfigError)) throw error;
    if (isOfThisProcess(error.cause)) return error;
    if (isUnsure(error)) this.#problems.push(unsure(error));
    else this.#add(error);
    return error;
  }

  #isUnsure(error: ConfigError, spec: ObjectSpec, kind: PartKind): boolean {
    // A dict has no names that only the program knows.
    if (this.#makers === undefined || attempt(() => this.#readPlainly(spec)) === undefined) {
      return false;
    }
    return isOfMadeUpValue(error, spec, kind, this.#makers);
  }

  #add(error: ConfigError): void {
    if (error instanceof UnknownClassError) this.#problems.push(this.#unknownClass(error));
    else if (error instanceof UnknownNameError) this.#unknownName(error.unknownName, error);
    else {
      const isForProgram = isUnknownLevel(error);
      const severity = error.cause instanceof UnopenableHere ? "warning" : "error";
      this.#problems.push({ error, severity, isForProgram });
    }
  }

  /** Tells of an unknown name: misspelt if it is like a known one; without a dot, Python's variable. */
  #unknownName(text: string, place: ConfigErrorOptions, kind?: PartKind): void {
    const name = text.replace(/^ext:\/\//, "");
    this.#told.add(name);
    const prefix = text.slice(0, text.length - name.length);
    const near = nearName(name, this.#registry.names("object"));
    const call = kind === undefined ? `registerObject("${name}", …)` : registerCall(kind, name);
    const reason = near !== undefined
      ? `Unknown name "${text}", ${didYouMean(prefix + near)}`
      : `Name "${text}" needs ${call} in the program`;
    const { section, key, line, column } = place;
    const error = new ConfigError(reason, { section, key, line, column });
    const isError = near !== undefined || !name.includes(".");
    const severity = isError ? "error" : "warning";
    this.#problems.push({ error, severity, isForProgram: near === undefined });
  }

  /** The problem of an unknown class: misspelt if it is like a built-in one, else the program's own. */
  #unknownClass(error: UnknownClassError): Problem {
    const { kind, className, near, section, key, line } = error;
    const subpath = SUBPATHS.get(className);
    if (subpath !== undefined) {
      const reason = `Class "${className}" needs import "${subpath}" in the program`;
      const error = new ConfigError(reason, { section, key, line });
      return { error, severity: "warning", isForProgram: true };
    }
    if (near !== undefined) {
      const reason = `Unknown ${kind} class "${className}", ${didYouMean(near)}`;
      const error = new ConfigError(reason, { section, key, line });
      return { error, severity: "error", isForProgram: false };
    }
    const call = `${registerCall(kind, className)} in the program`;
    const reason = this.#standsIn
      ? standInText(kind, className, call)
      : `Class "${className}" needs ${call}`;
    const inProgram = new ConfigError(reason, { section, key, line });
    return { error: inProgram, severity: "warning", isForProgram: !this.#standsIn };
  }
}

/** A known name of similar spelling, in the same module or in one of similar spelling. */
function nearName(name: string, known: readonly string[]): string | undefined {
  const last = lastPart(name), module = name.slice(0, -last.length);
  if (module === "") {
    return known.find((one) => lastPart(one) === name) ?? nearest(`sys.${name}`, known, 2);
  }
  return nearest(name, known.filter((one) => one.startsWith(module))) ??
    nearest(name, known.filter((one) => lastPart(one) === last), 1);
}

/** The error that a function throws; undefined if it throws none. */
function attempt(does: () => unknown): unknown {
  try {
    does();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What is wrong with a made-up value, and may not be with the program's. */
function unsure({ reason, section, key, line, column, cause }: ConfigError): Problem {
  const text = `${reason}, with a made-up value for what only the program knows`;
  const error = new ConfigError(text, { section, key, line, column, cause });
  return { error, severity: "warning", isForProgram: false };
}

const NO_ARGUMENTS: BoundArguments = { args: [], kwargs: new Map() };

/** Arguments as far as they can be read by themselves. */
function readQuietly(spec: ObjectSpec): BoundArguments {
  try {
    return spec.readArguments((name) => ({ value: name }));
  } catch {
    // The error is told when the part is made.
    return NO_ARGUMENTS;
  }
}

/** A level that is like none of Python's may have been named by the program. */
function isUnknownLevel({ key, cause }: ConfigError): boolean {
  const [, level] = /^unknown level "([^]*)", known are /.exec(String(reasonOf(cause))) ?? [];
  return (key === "level" || key === "record") && level !== undefined && level !== "" &&
    !/^[\d.+-]+$/.test(level) &&
    level === withoutComment(level) &&
    nearest(level, Object.keys(getLevelNamesMapping())) === undefined;
}
