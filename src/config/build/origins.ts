/** How a part was made, so that it can be described and made again. */
export interface Origin {
  /** Its name in the configuration. */
  readonly name: string;
  /** Registered name of its class, undefined for a factory of the program. */
  readonly className: string | undefined;
  /** The program's factory. */
  readonly factory: unknown;
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
