import { ColorFormatter } from "../../core/formatters/color_formatter.ts";
import { DevFormatter } from "../../core/formatters/dev_formatter.ts";
import { JsonFormatter } from "../../core/formatters/json_formatter.ts";
import { checkOptions, isBoolean, type OptionRules } from "../../core/errors/check_options.ts";
import { quote } from "../../core/errors/quote.ts";
import { Filter, type FilterLike } from "../../core/filters/filter.ts";
import { Formatter } from "../../core/formatters/formatter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { STANDARD_LEVELS } from "../../core/levels/levels.ts";
import { stderr, stdout } from "../../core/io/std_stream.ts";
import { FAMILIAR_CLASSES } from "../familiar/familiar_classes.ts";
import { Queue } from "../../handlers/queues/queue.ts";
import { QueueListener } from "../../handlers/queues/queue_listener.ts";
import { registerBuiltinHandlers } from "./builtin_handlers.ts";
import {
  FILTER_NAME,
  FINGERS_CROSSED,
  FINGERS_CROSSED_PARAMETERS,
  FORMATTER_NAMES,
  FORMATTER_OPTIONS,
  FORMATTER_PARAMETERS,
  OUR_FILTERS,
} from "./builtin_names.ts";
import { DuplicateFilter } from "../../filters/duplicate_filter.ts";
import { RateFilter } from "../../filters/rate_filter.ts";
import { RedactFilter } from "../../filters/redact_filter.ts";
import { SampleFilter } from "../../filters/sample_filter.ts";
import { FingersCrossedHandler } from "../../handlers/queues/fingers_crossed_handler.ts";
import { bareName, type Parameters } from "./parameters.ts";

/** A class or factory by which a configuration makes objects. */
export interface Registration<T> {
  /** The registered name. */
  readonly name: string;
  /** The class itself, which `ext://name` stands for. */
  readonly type: unknown;
  /** Makes the object from arguments in the order of `parameters`. */
  readonly create: (...args: never[]) => T;
  /** Names of the arguments, for Python's `args` and `kwargs`. */
  readonly parameters: Parameters;
  /** The registration of a class below this one that has no constructor of its own. */
  readonly of: (type: unknown, name?: string) => Registration<T>;
}

/**
 * Options of the register functions.
 *
 * @example
 * ```ts
 * import { Handler, registerHandler, type RegisterOptions } from "@logdial/logging";
 *
 * class MailHandler extends Handler {
 *   emit() {}
 * }
 * const options: RegisterOptions = { parameters: ["address"] };
 * registerHandler("my.MailHandler", MailHandler, options);
 * ```
 */
export interface RegisterOptions {
  /**
   * Names of the constructor's parameters in order, those with a default marked by a
   * trailing `?`, e.g. `["url", "retries?"]`.
   *
   * @default []
   */
  parameters?: readonly string[];
  /**
   * Whether the constructor takes one object with its arguments by name, as classes in JavaScript
   * mostly do.
   *
   * @default false
   */
  asObject?: boolean;
}

const OPTION_RULES: OptionRules<RegisterOptions> = {
  parameters: (value) =>
    Array.isArray(value) && value.every((one) => typeof one === "string")
      ? undefined
      : "a list of names",
  asObject: isBoolean,
};

type Constructor<T> = new (...args: never[]) => T;

/**
 * {@linkcode RegisterOptions} as logdial itself gives them: the parameters may be one text with
 * blanks between them.
 */
interface GivenOptions extends Omit<RegisterOptions, "parameters"> {
  parameters?: string | Parameters;
}

/** What is registered, by kind and name. */
interface Tables {
  readonly handler: Map<string, Registration<Handler>>;
  readonly formatter: Map<string, Registration<Formatter>>;
  readonly filter: Map<string, Registration<FilterLike>>;
  readonly object: Map<string, unknown>;
}

/** Where `defaults` stands among a formatter's parameters. */
const BEFORE_DEFAULTS = FORMATTER_PARAMETERS.split(" ").indexOf("defaults?");

/** Names that configurations may use; code is never looked up anywhere else. */
export class Registry {
  /** To be looked at by `#tables` only. */
  readonly #known: Tables = {
    handler: new Map(),
    formatter: new Map(),
    filter: new Map(),
    object: new Map(),
  };
  #revision = 0;
  /** Registers the names that are known from the start, when one is first looked for. */
  #fill: ((registry: Registry) => void) | undefined;

  /** `fill` registers names before the first one is looked for, or registered by others. */
  constructor(fill?: (registry: Registry) => void) {
    this.#fill = fill;
  }

  /** What is registered, with the names that are known from the start. */
  get #tables(): Tables {
    const fill = this.#fill;
    this.#fill = undefined;
    fill?.(this);
    return this.#known;
  }

  /**
   * Counts up whenever a name is registered: a name that was looked up before may mean something else
   * then.
   */
  get revision(): number {
    return this.#revision;
  }

  /** Makes a handler class known as `class=name`. */
  registerHandler(name: string, type: Constructor<Handler>, options?: GivenOptions): void {
    this.#tables.handler.set(name, registration(name, type, options));
    this.#revision++;
  }

  /** Makes a formatter class known as `class=name`. */
  registerFormatter(name: string, type: Constructor<Formatter>, options?: GivenOptions): void {
    this.#tables.formatter.set(name, formatterRegistration(name, type, options));
    this.#revision++;
  }

  /** Makes a filter class known as `"()": name` in dicts. */
  registerFilter(name: string, type: Constructor<FilterLike>, options?: GivenOptions): void {
    this.#tables.filter.set(name, registration(name, type, options));
    this.#revision++;
  }

  /** Makes an object known as `name` in `args=` and as `ext://name` in dicts. */
  registerObject(name: string, value: unknown): void {
    this.#tables.object.set(name, value);
    this.#revision++;
  }

  /** The handler class of that exact name. */
  handler(name: string): Registration<Handler> | undefined {
    return this.#tables.handler.get(name);
  }

  /** The formatter class of that exact name. */
  formatter(name: string): Registration<Formatter> | undefined {
    return this.#tables.formatter.get(name);
  }

  /** The filter class of that exact name. */
  filter(name: string): Registration<FilterLike> | undefined {
    return this.#tables.filter.get(name);
  }

  /** The object or class of that exact name, in a box that tells `undefined` from unknown. */
  object(name: string): { value: unknown } | undefined {
    const { object } = this.#tables;
    if (object.has(name)) return { value: object.get(name) };
    const known = this.handler(name) ?? this.formatter(name) ?? this.filter(name);
    return known && { value: known.type };
  }

  /** The name that an object or class is registered under. */
  nameOf(value: unknown): string | undefined {
    for (const [name, object] of this.#tables.object) if (object === value) return name;
    return this.registrationOf(value)?.name;
  }

  /** The registration of a class; undefined if there is none. */
  registrationOf(type: unknown): Registration<unknown> | undefined {
    if (typeof type !== "function") return undefined;
    const { handler, formatter, filter } = this.#tables;
    for (const table of [handler, formatter, filter]) {
      for (const registration of table.values()) {
        if (registration.type === type) return registration;
      }
    }
    return undefined;
  }

  /** The registration of a class, or one under `name` made from the nearest class that it extends. */
  registrationFor(name: string, type: Constructor<unknown>): Registration<unknown> {
    for (let one: unknown = type; typeof one === "function"; one = Object.getPrototypeOf(one)) {
      const known = this.registrationOf(one);
      if (known !== undefined) return one === type ? known : known.of(type, name);
    }
    checkRegistration(name, type, {});
    return registration(name, type);
  }

  /** All known names of a kind, for messages. */
  names(kind: keyof Tables): string[] {
    return [...this.#tables[kind].keys()];
  }
}

const FORMATTERS: Readonly<Record<typeof FORMATTER_NAMES[number], Constructor<Formatter>>> = {
  "logging.Formatter": Formatter,
  "logging.ColorFormatter": ColorFormatter,
  "logdial.JsonFormatter": JsonFormatter,
  "logdial.DevFormatter": DevFormatter,
};

const FILTERS: Readonly<Record<keyof typeof OUR_FILTERS, Constructor<FilterLike>>> = {
  "logdial.RedactFilter": RedactFilter,
  "logdial.RateFilter": RateFilter,
  "logdial.DuplicateFilter": DuplicateFilter,
  "logdial.SampleFilter": SampleFilter,
};

/**
 * Refuses what cannot be registered; built-in classes are not checked.
 *
 * @throws {TypeError} No name, no class, or an unknown option.
 */
export function checkRegistration(name: unknown, type: unknown, options: RegisterOptions): void {
  checkOptions("a registration", options, OPTION_RULES);
  checkName(name);
  if (isConstructor(type)) return;
  throw new TypeError(
    `Cannot register ${quote(type)} as "${name}": it must be a class; ` +
      "a function that makes one goes with registerObject",
  );
}

/**
 * Refuses what is no name.
 *
 * @throws {TypeError} It is none.
 */
export function checkName(name: unknown): void {
  if (typeof name === "string" && name !== "") return;
  throw new TypeError(`Cannot register under ${quote(name)}: a name must be a text`);
}

/** Whether a value can be called with `new`; it is not called here. */
function isConstructor(type: unknown): boolean {
  try {
    Reflect.construct(Object, [], type as Constructor<unknown>);
    return true;
  } catch {
    return false;
  }
}

/** A class that a configuration names; made in numbers at each start, so that it keeps little. */
class RegisteredClass<T> implements Registration<T> {
  readonly name: string;
  readonly type: Constructor<T>;
  #parameters: string | Parameters;
  /** How many arguments come one by one; the others come in one object. */
  readonly #before: number | undefined;

  /** `parameters` may be a text with blanks between the names. */
  constructor(
    name: string,
    type: Constructor<T>,
    parameters: string | Parameters = [],
    before?: number,
  ) {
    this.name = name;
    this.type = type;
    this.#parameters = parameters;
    this.#before = before;
  }

  get parameters(): Parameters {
    const parameters = this.#parameters;
    if (typeof parameters !== "string") return parameters;
    return this.#parameters = parameters.split(" ");
  }

  create(...given: unknown[]): T {
    const before = this.#before;
    if (before === undefined || before > 0 && given.length <= before) {
      return new this.type(...given as never[]);
    }
    const options = asOptions(this.parameters.slice(before), given.slice(before));
    return new this.type(...[...given.slice(0, before), options] as never[]);
  }

  of(type: unknown, name = this.name): RegisteredClass<T> {
    return new RegisteredClass(name, type as Constructor<T>, this.#parameters, this.#before);
  }
}

function registration<T>(
  name: string,
  type: Constructor<T>,
  { parameters, asObject = false }: GivenOptions = {},
): RegisteredClass<T> {
  return new RegisteredClass(name, type, parameters, asObject ? 0 : undefined);
}

/** Registers a formatter; `defaults`, and what is ours, go into an object of options. */
function formatterRegistration(
  name: string,
  type: Constructor<Formatter>,
  options: GivenOptions = {},
): RegisteredClass<Formatter> {
  if (options.parameters !== undefined) return registration(name, type, options);
  const more = FORMATTER_OPTIONS.get(name);
  const parameters = more === undefined ? FORMATTER_PARAMETERS : `${FORMATTER_PARAMETERS} ${more}`;
  return new RegisteredClass(name, type, parameters, BEFORE_DEFAULTS);
}

/** Dicts of a `.conf` are maps. */
function asOptions(names: Parameters, values: readonly unknown[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [at, value] of values.entries()) {
    if (value === undefined || value === null) continue;
    options[bareName(names[at]!)] = value instanceof Map ? Object.fromEntries(value) : value;
  }
  return options;
}

/** A registry with the names of Python's own, and with logdial's. */
export function standardRegistry(): Registry {
  return new Registry(registerStandard);
}

/**
 * Python's queues that configurations name, all of which are our `Queue`: a queue handler and its
 * listener are in one thread. The first one is shown.
 */
const QUEUE_NAMES = ["queue.Queue", "queue.SimpleQueue", "multiprocessing.Queue"] as const;

function registerStandard(registry: Registry): void {
  registerBuiltinHandlers(registry);
  for (const name of FORMATTER_NAMES) registry.registerFormatter(name, FORMATTERS[name]);
  registry.registerFilter(FILTER_NAME, Filter, { parameters: "name?" });
  registry.registerHandler(FINGERS_CROSSED, FingersCrossedHandler, {
    parameters: FINGERS_CROSSED_PARAMETERS,
    asObject: true,
  });
  for (const name of Object.keys(OUR_FILTERS) as (keyof typeof OUR_FILTERS)[]) {
    registry.registerFilter(name, FILTERS[name], { parameters: OUR_FILTERS[name], asObject: true });
  }
  for (const [kind, names, type, parameters] of FAMILIAR_CLASSES) {
    for (const name of names.split(" ")) {
      if (kind === "handler") registry.registerHandler(name, type as never, { parameters });
      else if (kind === "filter") registry.registerFilter(name, type as never, { parameters });
      else registry.registerFormatter(name, type as never, { parameters });
    }
  }
  for (const name of QUEUE_NAMES) registry.registerObject(name, Queue);
  registry.registerObject("logging.handlers.QueueListener", QueueListener);
  registry.registerObject("sys.stdout", stdout);
  registry.registerObject("sys.stderr", stderr);
  for (const [name, level] of Object.entries(STANDARD_LEVELS)) {
    registry.registerObject(`logging.${name}`, level);
  }
}

/** The registry behind `registerHandler` and its like. */
export const defaultRegistry: Registry = standardRegistry();
