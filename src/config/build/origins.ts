import { bareName } from "./parameters.ts";
import type { Registry } from "./registry.ts";

/** How a part was made, so that it can be described and made again. */
export interface Origin {
  /** Its name in the configuration. */
  readonly name: string;
  /** Registered name of its class, undefined for a factory of the program. */
  readonly className: string | undefined;
  /** The program's factory. */
  readonly factory: unknown;
  /** The class that the program has given in the place of a name. */
  readonly type?: unknown;
  /** Arguments by name. */
  readonly kwargs: ReadonlyMap<string, unknown>;
  /** Attributes set on it. */
  readonly attributes: ReadonlyMap<string, unknown>;
}

const origins = new WeakMap<object, Origin>();

/** Remembers how the objects of a configuration were made. */
export function rememberOrigins(made: ReadonlyMap<object, Origin>): void {
  for (const [part, origin] of made) origins.set(part, origin);
}

/** How an object was made, undefined if no configuration made it. */
export function originOf(part: object): Origin | undefined {
  return origins.get(part);
}

/** How an object was made or, for one that the program made, would have been made. */
export function describeOrigin(part: object, registry: Registry): Omit<Origin, "name"> {
  return originOf(part) ?? introspect(part, registry);
}

function introspect(part: object, registry: Registry): Omit<Origin, "name"> {
  const attributes = new Map<string, unknown>();
  const registration = registry.registrationOf(part.constructor);
  const itself = { className: undefined, factory: () => part, kwargs: new Map(), attributes };
  if (registration === undefined) return itself;
  const kwargs = new Map<string, unknown>();
  for (const parameter of registration.parameters) {
    const key = bareName(parameter);
    const value = propertyOf(part as Record<string, unknown>, key);
    if (value !== undefined) kwargs.set(key, value);
    else if (key === parameter) return itself;
  }
  return { className: registration.name, factory: undefined, kwargs, attributes };
}

/** Seconds in a unit of `when`, by its first letter. */
const SECONDS: Readonly<Record<string, number>> = {
  S: 1,
  M: 60,
  H: 3600,
  D: 86_400,
  W: 604_800,
};

/** The property of an object that an argument has set, which may have another name or unit. */
function propertyOf(part: Readonly<Record<string, unknown>>, key: string): unknown {
  const { when, interval, mailhost, mailport } = part;
  if (key === "mailhost") return mailport === undefined ? mailhost : [mailhost, mailport];
  if (key === "filename") return part.baseFilename ?? part.filename;
  // As in Python, a handler that rotates by time has its interval in seconds.
  if (key !== "interval" || typeof when !== "string" || typeof interval !== "number") {
    return part[key];
  }
  const unit = when === "MIDNIGHT" ? SECONDS.D! : SECONDS[when.charAt(0)] ?? 1;
  return interval / unit;
}
