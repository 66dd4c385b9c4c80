import { Handler } from "./handler.ts";

/** The part of a handler that tells where it hands its records on to. */
interface HandsOn {
  /** The handler that gets them. */
  readonly target?: unknown;
  /** The handlers that get them, some of which may be opened for them. */
  readonly behind?: unknown;
  /** Whether these get only records of their level. */
  readonly respectsLevels?: unknown;
  /** Level number below which it keeps records until a serious one comes. */
  readonly passLevel?: unknown;
}

const NONE: readonly Handler[] = [];

/** The handlers that get a handler's records from it; none for most. */
export function handlersBehind(handler: Handler): readonly Handler[] {
  try {
    const { target, behind } = handler as HandsOn;
    if (target instanceof Handler) return [target];
    // Of one that another copy of the library has made, no more is known.
    return Array.isArray(behind) && behind.every((one) => one instanceof Handler) ? behind : NONE;
  } catch {
    // A class of the program's own may have getters that throw.
    return NONE;
  }
}

/** Whether the handlers behind a handler may be opened for a record that it hands on. */
export function opensBehind(handler: Handler): boolean {
  return Array.isArray((handler as HandsOn).behind);
}

/** Whether the handlers behind a handler get only records of their level. */
export function respectsLevels(handler: Handler): boolean {
  return (handler as HandsOn).respectsLevels === true;
}

/** Level number below which a handler keeps records until a serious one comes; 0 for most. */
export function keptBelow(handler: Handler): number {
  try {
    const { passLevel } = handler as HandsOn;
    return typeof passLevel === "number" ? passLevel : 0;
  } catch {
    return 0;
  }
}
