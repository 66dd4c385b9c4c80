import { ConfigError } from "../../core/errors/config_error.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import { isDict, pyRepr } from "../../core/python/py_repr.ts";
import { isTrue } from "../../core/python/py_truth.ts";
import { Queue } from "../../handlers/queues/queue.ts";
import {
  isRecordQueue,
  type QueueHandler,
  type RecordQueue,
} from "../../handlers/queues/queue_handler.ts";
import { QueueListener } from "../../handlers/queues/queue_listener.ts";
import { callFactory, isClassOf, isWrittenAsClass, registrationOfClass } from "./given_class.ts";
import { bindArguments, indexOfParameter } from "./parameters.ts";
import type { Place } from "../spec/config_spec.ts";
import { notOneName, UnknownNameError } from "../spec/unknown_name_error.ts";
import type { Recipe } from "./recipe.ts";
import type { Registration, Registry } from "./registry.ts";

/** What a dict says of a `QueueHandler`, and where the recipe looks things up. */
export interface QueueSpec {
  readonly type: unknown;
  /** All its arguments by name. */
  readonly named: ReadonlyMap<unknown, unknown>;
  readonly registry: Registry;
  /** The handler of a name in `handlers`. */
  readonly findHandler: (name: unknown) => unknown;
  readonly place: Place;
}

/** A value of a dict, under the key that says where it stands. */
interface Given {
  readonly key: "queue" | "listener";
  readonly value: unknown;
  readonly registry: Registry;
  readonly place: Place;
}

/** Makes the listener of a queue. */
type MakeListener = (queue: Queue, handlers: readonly Handler[], respects: boolean) => unknown;

/** The names in `handlers`; undefined if it is no list. As in Python, a text is a list of letters. */
export function handlerNames(handlers: unknown): readonly unknown[] | undefined {
  if (typeof handlers === "string") return [...handlers];
  return Array.isArray(handlers) ? handlers : undefined;
}

/**
 * How a dict makes a `QueueHandler`: with a queue of its own unless it says which, and with a
 * listener that gives the records to `handlers`. The program starts that
 * (`getHandlerByName("q").listener.start()`).
 *
 * @throws {ConfigError} A value is no queue, listener or list of handlers.
 */
export function queueRecipe(spec: QueueSpec): Pick<Recipe, "make" | "parameters" | "bound"> {
  const { type, named, registry, findHandler, place } = spec;
  const { queue, handlers, listener, respect_handler_level: respects, ...others } = Object
    .fromEntries(named as ReadonlyMap<string, unknown>);
  const forListener: Given = { key: "listener", value: listener, registry, place };
  const makeQueue = queueMaker({ key: "queue", value: queue, registry, place });
  const makeListener = listenerMaker(forListener);
  const names = handlerNames(handlers ?? []);
  if (names === undefined) {
    const rule = `Cannot use handlers ${pyRepr(handlers)}: it must be a list of names`;
    throw new ConfigError(rule, place("handlers"));
  }
  const targets = names.map((name) => {
    try {
      return findHandler(name) as Handler;
    } catch (error) {
      throw typeof handlers === "string" ? notOneName("handlers", handlers, place) : error;
    }
  });
  const makeHandler = handlerMaker(type, registry, others);
  const make = () => {
    const ready = makeQueue();
    const handler = makeHandler(ready);
    if (ready instanceof Queue) {
      const made = makeListener(ready, targets, isTrue(respects));
      handler.listener = asListener(made, forListener);
    } else if (targets.length > 0 || listener !== undefined) {
      const rule = "listeners take a Queue, or one of a class below it";
      throw new ConfigError(`Cannot listen to queue ${pyRepr(ready)}: ${rule}`, place("queue"));
    }
    return handler;
  };
  return { make, parameters: [...named.keys()].map(String), bound: [...named.values()] };
}

/** Makes the handler: its class gets the queue, then its arguments, those unknown in one object. */
function handlerMaker(
  type: unknown,
  registry: Registry,
  others: Readonly<Record<string, unknown>>,
): (queue: RecordQueue) => QueueHandler {
  const registration = registrationOfClass(type, registry);
  if (registration === undefined) {
    const Class = type as new (queue: RecordQueue, options: object) => QueueHandler;
    return (queue) => new Class(queue, others);
  }
  const { name, parameters } = registration;
  const args = new Map<unknown, unknown>(Object.entries(others)).set("queue", undefined);
  // All arguments that it takes, for the error message.
  const all = [...parameters, "handlers?", "listener?", "respect_handler_level?"];
  const bound = bindArguments(name, all, [], args);
  const at = indexOfParameter(parameters, "queue");
  return (queue) => {
    const ready = parameters.map((_, index) => index === at ? queue : bound[index]);
    return registration.create(...ready as never[]) as QueueHandler;
  };
}

function queueMaker(given: Given): () => RecordQueue {
  const { value, registry } = given;
  if (value === undefined) return () => new Queue();
  if (typeof value === "string" || isDict(value)) {
    const call = factoryCall(given, value);
    return () => requireQueue(call(), given);
  }
  // A list in the dict was copied, so that nobody would ever see its records.
  if (Array.isArray(value) && registry.nameOf(value) === undefined) throw invalid(given, value);
  const queue = requireQueue(value, given);
  return () => queue;
}

/** Accepts, as in CPython, anything with the methods to put items in and take them out. */
function requireQueue(value: unknown, given: Given): RecordQueue {
  if (!isRecordQueue(value)) throw invalid(given, value);
  if (Array.isArray(value) || typeof (value as { get?: unknown }).get === "function") return value;
  throw invalid(given, value);
}

function listenerMaker(given: Given): MakeListener {
  const { value } = given;
  if (value === undefined) return withClass(QueueListener);
  if (isClassOf(value, QueueListener)) return withClass(value);
  if (typeof value === "string") {
    return (...args) => listenerFrom(lookUp(given, value), given)(...args);
  }
  if (!isDict(value)) throw invalid(given, value);
  const call = factoryCall(given, value);
  return (...args) => listenerFrom(call(), given)(...args);
}

function listenerFrom(maker: unknown, given: Given): MakeListener {
  if (isClassOf(maker, QueueListener)) return withClass(maker);
  if (typeof maker !== "function" || isWrittenAsClass(maker)) throw invalid(given, maker);
  return (queue, handlers, respects) =>
    maker(queue, ...handlers, { respectHandlerLevel: respects });
}

function withClass(type: typeof QueueListener): MakeListener {
  return (queue, handlers, respects) =>
    new type(queue, ...handlers, { respectHandlerLevel: respects });
}

function asListener(value: unknown, given: Given): QueueListener {
  if (value instanceof QueueListener) return value;
  throw invalid(given, value);
}

const RULES: Readonly<Record<Given["key"], string>> = {
  queue: 'it must be a Queue or have its put and get, or say by "()" what makes one',
  listener: "it must be a class below QueueListener, or what makes one",
};

function invalid({ key, place }: Given, value: unknown): ConfigError {
  return new ConfigError(`Cannot use ${key} ${pyRepr(value)}: ${RULES[key]}`, place(key));
}

/** The call of a factory, by its name or by `()` in a dict, whose other keys are the arguments. */
function factoryCall(
  given: Given,
  spec: string | Readonly<Record<string, unknown>>,
): () => unknown {
  const { "()": maker = spec, ".": attributes, ...options } = typeof spec === "string" ? {} : spec;
  if (typeof maker !== "string" && typeof maker !== "function") throw invalid(given, spec);
  return () => {
    const factory = typeof maker === "string" ? lookUp(given, maker) : maker;
    const registration = registrationOfClass(factory, given.registry);
    const made = registration === undefined
      ? callFactory(factory, options)
      : registration.create(...boundOptions(registration, options) as never[]);
    return isDict(attributes) ? Object.assign(made as object, attributes) : made;
  };
}

function boundOptions({ name, parameters }: Registration<unknown>, options: object): unknown[] {
  return bindArguments(name, parameters, [], new Map(Object.entries(options)));
}

/** Looks a name up when the handler is made, since only the running program may know it. */
function lookUp({ key, registry, place }: Given, name: string): unknown {
  const found = registry.object(name);
  if (typeof found?.value === "function") return found.value;
  const rule = `Cannot use ${key} "${name}": it must be a class or function that the program has ` +
    `made known by registerObject("${name}", …), or ext:// and the name of a ready one`;
  throw found === undefined
    ? new UnknownNameError(rule, name, place(key))
    : new ConfigError(rule, place(key));
}
