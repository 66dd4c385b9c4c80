import type { SeededBytes } from "../harness/seeded_bytes.ts";

/** Makes values that a program may log, most of them to its harm; the same ones for a seed. */
export class HostileValues {
  readonly #random: SeededBytes;

  constructor(random: SeededBytes) {
    this.#random = random;
  }

  /** Any value; `depth` is how far it may nest. */
  any(depth = 3): unknown {
    if (depth > 0 && this.#chance(3)) return this.pick(NESTED)(this, depth - 1);
    return this.pick(this.#chance(1000) ? BIG : FLAT)(this, depth);
  }

  /** A plain object of any values, under any names. */
  fields(depth = 2): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (let count = this.#random.below(4); count > 0; count--) {
      this.#add(fields, this.name(), depth);
    }
    return fields;
  }

  /** A name of a property, mostly one that means something to somebody. */
  name(): string {
    return this.pick(NAMES);
  }

  /** Something that is thrown. */
  thrown(): unknown {
    return this.pick(THROWN)();
  }

  /** One of them. */
  pick<T>(from: readonly T[]): T {
    return from[this.#random.below(from.length)]!;
  }

  #chance(ofSoMany: number): boolean {
    return this.#random.below(ofSoMany) === 0;
  }

  /** A property, or a getter that throws, or gives another value each time. */
  #add(holder: object, name: string, depth: number): void {
    const value = this.any(depth);
    const thrown = this.thrown();
    let reads = 0;
    const changing = [1, undefined, () => {}, thrown];
    const property: PropertyDescriptor = this.pick<PropertyDescriptor>([
      { value, writable: true },
      { value, writable: true },
      { get: () => raise(thrown) },
      { get: () => changing[reads++ % changing.length] },
    ]);
    Object.defineProperty(holder, name, { ...property, enumerable: true, configurable: true });
  }
}

function raise(thrown: unknown): never {
  throw thrown;
}

function revoked(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A proxy that throws whatever it is asked. */
function refusing(target: object = {}): object {
  const handler: ProxyHandler<object> = {};
  for (const trap of ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"]) {
    Object.assign(handler, { [trap]: () => raise(new TypeError(`no ${trap}`)) });
  }
  return new Proxy(target, handler);
}

/** An error of which a property cannot be read, or is something else. */
function oddError(name: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error("odd"), name, { configurable: true, ...descriptor });
}

function circle(): object {
  const inner: unknown[] = [1];
  const outer = { inner, map: new Map<string, unknown>() };
  inner.push(outer);
  outer.map.set("outer", outer);
  return outer;
}

/** Lists of lists that hold each other many times over. */
function bush(): object {
  let list: unknown[] = ["leaf"];
  for (let level = 0; level < 30; level++) list = [list, list];
  return list;
}

function deep(): object {
  let value: object = {};
  for (let level = 0; level < 10_000; level++) value = { value };
  return value;
}

function causes(): Error {
  let error = new Error("first");
  for (let count = 0; count < 500; count++) error = new Error(`${count}`, { cause: error });
  return error;
}

function circularCause(): Error {
  const error = new Error("its own cause");
  error.cause = error;
  return error;
}

class Instance {
  readonly #secret = 1;
  visible = 2;
  get secret(): number {
    return this.#secret;
  }
}

class NamedByNothing {
  static get name(): string {
    throw new Error("a class without a name");
  }
}

const NAMES = [
  "a",
  "b",
  "time",
  "level",
  "level_",
  "logger",
  "message",
  "error",
  "stack",
  "args",
  "args_",
  "format_error",
  "__proto__",
  "constructor",
  "toString",
  "then",
  "type",
  "…",
  "",
  "1",
  "\ud800",
  'quote"\n\u2028',
] as const;

const THROWN: readonly (() => unknown)[] = [
  () => new Error("thrown"),
  () => "a text",
  () => undefined,
  () => null,
  () => Symbol("thrown"),
  () => revoked(),
  () => refusing(),
  () => refusing(new Error("behind a proxy")),
  () => oddError("message", { get: () => raise(revoked()) }),
  () => oddError("name", { get: () => raise("no name") }),
  () => oddError("stack", { get: () => raise(new Error("no stack")) }),
  () => Object.create(null),
];

type Maker = (values: HostileValues, depth: number) => unknown;

const FLAT: readonly Maker[] = [
  () => 1,
  () => -0,
  () => NaN,
  () => -Infinity,
  () => 10n ** 30n,
  () => true,
  () => null,
  () => undefined,
  () => "text",
  () => "100% %s %d %(a)s %",
  () => "\ud800 lone \udfff",
  () => "line\nfeed\0\u2028\x1b[31m",
  () => "x".repeat(5000),
  () => Symbol("s"),
  () => Symbol(),
  () => () => 1,
  () => Instance,
  () => NamedByNothing,
  () => new Instance(),
  () => Object.create(null),
  () => new Date(0),
  () => new Date(NaN),
  () => Object.create(Date.prototype),
  () => new String("s"),
  () => new Number(NaN),
  () => new Boolean(false),
  () => Object(1n),
  () => Object(Symbol("boxed")),
  () => Object.create(String.prototype),
  () => /a"b/g,
  () => new URL("http://a/b"),
  () => new Uint8Array([1, 2]),
  () => new Float64Array([1.5, NaN]),
  () => new BigInt64Array([1n]),
  () => new DataView(new ArrayBuffer(2)),
  () => new ArrayBuffer(2),
  () => new SharedArrayBuffer(2),
  () => new WeakRef({}),
  () => new WeakMap(),
  () => Promise.resolve(1),
  () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject("thenable") }),
  () => revoked(),
  () => revoked([]),
  () => revoked(() => {}),
  () => refusing(),
  () => refusing([]),
  () => refusing(new Error("behind a proxy")),
  () => new Proxy(new Map([["a", 1]]), {}),
  () => ({ toJSON: () => undefined }),
  () => ({
    toJSON() {
      return this;
    },
  }),
  () => ({ toJSON: () => raise(new Error("no JSON")) }),
  () => ({ toJSON: () => Promise.reject(new Error("later")) }),
  () => ({ toJSON: () => ({ toJSON: () => undefined }) }),
  () => ({ toString: () => raise(new Error("no text")) }),
  () => ({ toString: () => Promise.reject(new Error("later")) }),
  () => ({ toString: 1, valueOf: null }),
  () => circle(),
  () => [, 1, ,],
  () => circularCause(),
  () => new AggregateError([new Error("one"), revoked()], "many"),
  () => oddError("errors", { value: 5, enumerable: true }),
  () => Object.assign(new AggregateError([]), { errors: 5 }),
  () => oddError("stack", { value: Symbol("stack") }),
  () => oddError("stack", { get: () => raise(new Error("no stack")) }),
  () => oddError("message", { get: () => raise(revoked()) }),
  () => oddError("name", { value: { toString: () => raise("no name") } }),
  () => oddError("cause", { get: () => raise(new Error("no cause")) }),
  () => oddError("type", { value: "own", enumerable: true }),
  () => new DOMException("dom", "AbortError"),
];

/** Those that take long to write. */
const BIG: readonly Maker[] = [
  () => causes(),
  () => bush(),
  () => deep(),
  () => new Array(4_294_967_295),
  () => new Proxy([], { get: (_, name) => name === "length" ? 1e12 : 1 }),
  () => Array.from({ length: 20_000 }, (_, item) => item),
  () => new Uint8Array(200_000),
  () => new Map(Array.from({ length: 200_000 }, (_, item) => [item, item])),
  () => "y".repeat(200_000),
];

const NESTED: readonly Maker[] = [
  (values, depth) => values.fields(depth),
  (values, depth) => Array.from({ length: 3 }, () => values.any(depth)),
  (values, depth) => new Map([[values.any(depth), values.any(depth)], [1, 2], ["1", 3]]),
  (values, depth) => new Set([values.any(depth), values.any(depth)]),
  (values, depth) => Object.assign(Object.create(null), { a: values.any(depth) }),
  (values, depth) => Object.assign(new Instance(), { more: values.any(depth) }),
  (values, depth) => new Error("caused", { cause: values.any(depth) }),
  (values, depth) => new AggregateError([values.any(depth)], "many"),
  (values, depth) => Object.assign(new Error("with more"), { more: values.any(depth) }),
  (values, depth) => ({ toJSON: () => values.any(depth) }),
  (values, depth) => new Proxy({ a: values.any(depth) }, {}),
];
