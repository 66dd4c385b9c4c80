import type { Handler } from "../../core/handlers/handler.ts";
import { pyRepr } from "../../core/python/py_repr.ts";
import { isTrue } from "../../core/python/py_truth.ts";
import { Queue } from "../../handlers/queues/queue.ts";
import { QueueHandler, type RecordQueue } from "../../handlers/queues/queue_handler.ts";
import { QueueListener } from "../../handlers/queues/queue_listener.ts";
import { isPlainObject } from "../dict/converter.ts";
import { callFactory, isClass, registrationOfClass } from "./given_class.ts";
import { bindArguments } from "./parameters.ts";
import type { Recipe } from "./recipe.ts";
import type { Registration, Registry } from "./registry.ts";

/** What a dict says of a `QueueHandler`, and what the recipe asks for. */
export interface QueueSpec {
  readonly type: unknown;
  /** How its class is made, undefined where nobody has described its constructor. */
  readonly registration: Registration<unknown> | undefined;
  /** All its arguments by name. */
  readonly named: ReadonlyMap<unknown, unknown>;
  readonly registry: Registry;
  /** The handler of a name in `handlers`. */
  readonly findHandler: (name: unknown) => unknown;
}

/** Makes the listener of a queue. */
type MakeListener = (queue: Queue, handlers: readonly Handler[], respects: boolean) => unknown;

/** Whether a class puts records into a queue. */
export function isQueueHandler(type: unknown): boolean {
  return type === QueueHandler ||
    (typeof type === "function" && type.prototype instanceof QueueHandler);
}

/** The names in `handlers`, undefined for what is no list; a text is one of its letters. */
export function handlerNames(handlers: unknown): readonly unknown[] | undefined {
  if (typeof handlers === "string") return [...handlers];
  return Array.isArray(handlers) ? handlers : undefined;
}

/**
 * How a dict makes a `QueueHandler`: with a queue of its own unless it says which, and with a
 * listener that gives the records to `handlers`. The program starts that
 * (`getHandlerByName("q").listener.start()`).
 *
 * @throws {TypeError} What is no queue, listener or list of handlers.
 */
export function queueRecipe(spec: QueueSpec): Pick<Recipe, "make" | "parameters" | "bound"> {
  const { type, registration, named, registry, findHandler } = spec;
  const { queue, handlers, listener, respect_handler_level: respects, ...others } = Object
    .fromEntries(named as ReadonlyMap<string, unknown>);
  const makeQueue = queueMaker(queue, registry);
  const makeListener = listenerMaker(listener, registry);
  const names = handlerNames(handlers ?? []);
  if (names === undefined) {
    throw new TypeError(`Cannot use handlers ${pyRepr(handlers)}: it must be a list of names`);
  }
  const targets = names.map((name) => findHandler(name) as Handler);
  const makeHandler = handlerMaker(type, registration, others);
  const make = () => {
    const ready = makeQueue();
    const handler = makeHandler(ready);
    if (ready instanceof Queue) {
      handler.listener = asListener(makeListener(ready, targets, isTrue(respects)));
    } else if (targets.length > 0 || listener !== undefined) {
      throw new TypeError(
        `Cannot listen to queue ${
          pyRepr(ready)
        }: listeners take a Queue, or one of a class below it`,
      );
    }
    return handler;
  };
  return { make, parameters: [...named.keys()].map(String), bound: [...named.values()] };
}

/** Its class is given the queue first, then its own arguments; those unknown in one object. */
function handlerMaker(
  type: unknown,
  registration: Registration<unknown> | undefined,
  others: Readonly<Record<string, unknown>>,
): (queue: RecordQueue) => QueueHandler {
  if (registration === undefined) {
    const Class = type as new (queue: RecordQueue, options: object) => QueueHandler;
    return (queue) => new Class(queue, others);
  }
  const { name, parameters, create } = registration;
  const args = new Map<unknown, unknown>(Object.entries(others)).set("queue", undefined);
  const bound = bindArguments(name, parameters, [], args);
  const at = parameters.findIndex((one) => one === "queue" || one === "queue?");
  return (queue) => {
    const ready = parameters.map((_, index) => index === at ? queue : bound[index]);
    return create(...ready as never[]) as QueueHandler;
  };
}

function queueMaker(spec: unknown, registry: Registry): () => RecordQueue {
  if (spec === undefined) return () => new Queue();
  if (typeof spec === "string" || isPlainObject(spec)) {
    const call = factoryCall("queue", spec, registry);
    return () => requireQueue(call());
  }
  // A list of the dict itself was copied, so that nobody would ever see a record.
  if (Array.isArray(spec) && registry.nameOf(spec) === undefined) throw invalidQueue(spec);
  const queue = requireQueue(spec);
  return () => queue;
}

/** As in CPython, whatever can be put into and taken from may stand between two programs. */
function requireQueue(value: unknown): RecordQueue {
  const { put, put_nowait, get } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (Array.isArray(value)) return value;
  const takes = typeof put === "function" || typeof put_nowait === "function";
  if (typeof value === "object" && takes && typeof get === "function") return value as RecordQueue;
  throw invalidQueue(value);
}

function invalidQueue(value: unknown): TypeError {
  return new TypeError(
    `Cannot use queue ${pyRepr(value)}: it must be a Queue or have its put and get, ` +
      'or say by "()" what makes one',
  );
}

function listenerMaker(spec: unknown, registry: Registry): MakeListener {
  if (spec === undefined) return withClass(QueueListener);
  if (typeof spec !== "string") {
    if (isListenerClass(spec)) return withClass(spec);
    if (isPlainObject(spec)) {
      const call = factoryCall("listener", spec, registry);
      return (...args) => listenerFrom(call(), spec)(...args);
    }
    throw invalidListener(spec);
  }
  return (...args) => listenerFrom(lookUp("listener", spec, registry), spec)(...args);
}

function listenerFrom(maker: unknown, spec: unknown): MakeListener {
  if (isListenerClass(maker)) return withClass(maker);
  if (typeof maker !== "function" || isClass(maker)) throw invalidListener(spec);
  return (queue, handlers, respects) =>
    maker(queue, ...handlers, { respectHandlerLevel: respects });
}

function withClass(type: typeof QueueListener): MakeListener {
  return (queue, handlers, respects) =>
    new type(queue, ...handlers, { respectHandlerLevel: respects });
}

function isListenerClass(value: unknown): value is typeof QueueListener {
  return value === QueueListener ||
    (typeof value === "function" && value.prototype instanceof QueueListener);
}

function asListener(value: unknown): QueueListener {
  if (value instanceof QueueListener) return value;
  throw invalidListener(value);
}

function invalidListener(spec: unknown): TypeError {
  return new TypeError(
    `Cannot use listener ${
      pyRepr(spec)
    }: it must be a class below QueueListener, or what makes one`,
  );
}

/** A call of what a name, or `()` in a dict, stands for; the other keys are its arguments. */
function factoryCall(
  what: string,
  spec: string | Readonly<Record<string, unknown>>,
  registry: Registry,
): () => unknown {
  const { "()": maker = spec, ".": attributes, ...options } = typeof spec === "string" ? {} : spec;
  if (typeof maker !== "string" && typeof maker !== "function") {
    throw new TypeError(`Cannot use ${what} ${pyRepr(spec)}: its "()" says what makes one`);
  }
  return () => {
    const factory = typeof maker === "string" ? lookUp(what, maker, registry) : maker;
    const registration = registrationOfClass(factory, registry);
    const made = registration === undefined
      ? callFactory(factory, options)
      : registration.create(...boundOptions(registration, options) as never[]);
    return isPlainObject(attributes) ? Object.assign(made as object, attributes) : made;
  };
}

function boundOptions({ name, parameters }: Registration<unknown>, options: object): unknown[] {
  return bindArguments(name, parameters, [], new Map(Object.entries(options)));
}

/** Late, since what only a program knows is looked up where it runs. */
function lookUp(what: string, name: string, registry: Registry): unknown {
  const found = registry.object(name)?.value;
  if (typeof found === "function") return found;
  throw new TypeError(
    `Cannot use ${what} "${name}": it must be a class or function that the program has made ` +
      `known by registerObject("${name}", …), or ext:// and the name of a ready one`,
  );
}
