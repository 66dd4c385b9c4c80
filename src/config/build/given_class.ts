import { Handler } from "../../core/handlers/handler.ts";
import { Queue } from "../../handlers/queues/queue.ts";
import type { ObjectSpec, PartKind } from "../spec/config_spec.ts";
import type { Registration, Registry } from "./registry.ts";

/** Classes that no configuration names, with the parameters of their constructors. */
const BASES: readonly (readonly [type: unknown, parameters: readonly string[]])[] = [
  [Handler, []],
  [Queue, ["maxsize?"]],
];

/**
 * How to make objects of a class that a program gives in place of a name: as it is registered or, if
 * it has no constructor of its own, like its base class. Undefined for a class whose constructor has
 * parameters without known names, and for what is no class.
 */
export function registrationOfClass(
  type: unknown,
  registry: Registry,
): Registration<unknown> | undefined {
  if (typeof type !== "function") return undefined;
  const own = registry.registrationOf(type);
  if (own !== undefined || !isWrittenAsClass(type)) return own;
  for (let base: unknown = type; typeof base === "function"; base = Object.getPrototypeOf(base)) {
    const known = registry.registrationOf(base);
    if (known !== undefined) return known.of(type);
    const parameters = BASES.find(([one]) => one === base)?.[1];
    const name = type.name || "the class";
    if (parameters !== undefined) return plainRegistration(name, type, parameters);
    if (hasConstructor(base)) return undefined;
  }
  return undefined;
}

function plainRegistration(
  name: string,
  type: unknown,
  parameters: readonly string[],
): Registration<unknown> {
  const Class = type as new (...args: never[]) => unknown;
  return {
    name,
    type,
    parameters,
    create: (...args) => new Class(...args),
    of: (other) => plainRegistration(name, other, parameters),
  };
}

/**
 * How to make a formatter of a class that stands in the place of a name: it gets what any formatter's
 * class gets. Undefined for anything else.
 *
 * Differs from CPython: that takes classes for handlers only.
 */
export function formatterClass(
  { factory, className }: ObjectSpec,
  kind: PartKind,
  registry: Registry,
): Registration<unknown> | undefined {
  if (kind !== "formatter" || factory !== undefined || typeof className !== "function") {
    return undefined;
  }
  return registry.formatter("logging.Formatter")?.of(className);
}

/** Calls a factory, or makes an object of a class, with the arguments in one object of options. */
export function callFactory(factory: unknown, options: Readonly<Record<string, unknown>>): unknown {
  if (typeof factory === "function" && isWrittenAsClass(factory)) {
    return new (factory as unknown as new (options: object) => unknown)(options);
  }
  return (factory as (options: object) => unknown)(options);
}

/** Whether a value is that class, or one below it. */
export function isClassOf<Base extends abstract new (...args: never[]) => unknown>(
  value: unknown,
  base: Base,
): value is Base {
  return value === base || (typeof value === "function" && value.prototype instanceof base);
}

/** Whether a function is written as a `class`, and so cannot be called without `new`. */
export function isWrittenAsClass(value: unknown): boolean {
  return typeof value === "function" && /^class\b/.test(sourceOf(value));
}

function hasConstructor(type: unknown): boolean {
  return /(?:^|[^\w$.#])constructor\s*\(/.test(sourceOf(type));
}

function sourceOf(value: unknown): string {
  return Function.prototype.toString.call(value);
}
