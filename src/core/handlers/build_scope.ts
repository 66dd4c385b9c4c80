/**
 * Remembers what objects that are being built for a configuration have done outside of the program,
 * so that a refused configuration leaves nothing behind: no file made, none emptied.
 */
export class BuildScope {
  readonly #undo: (() => void)[] = [];
  readonly #commit: (() => void)[] = [];

  /** Whether it is a change from outside, which may come long after the program's start. */
  readonly isFromOutside: boolean;

  /** Takes whether it is a change from outside. */
  constructor(isFromOutside: boolean) {
    this.isFromOutside = isFromOutside;
  }

  /** Calls a function if the configuration is refused. */
  onRollback(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Calls a function once the configuration is in force. */
  onCommit(action: () => void): void {
    this.#commit.push(action);
  }

  /** Calls all the functions of `onRollback`, the last one first. */
  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  /** Calls all the functions of `onCommit`. */
  commit(): void {
    for (const action of this.#commit) action();
  }
}

let current: BuildScope | undefined;

/** The scope of the configuration that is being built, if one is. */
export function currentBuildScope(): BuildScope | undefined {
  return current;
}

/**
 * Whether a permission is missing for which the user must not be asked: with a change from outside,
 * the program would stand still until somebody looks at its terminal.
 */
export function isRefusedUnasked(permission: Deno.PermissionDescriptor): boolean {
  if (!current?.isFromOutside) return false;
  return Deno.permissions.querySync(permission).state !== "granted";
}

/** Runs `build` with a scope of its own, and takes everything back if it throws. */
export function buildInScope<T>(
  build: () => T,
  isFromOutside = false,
): { result: T; scope: BuildScope } {
  const outer = current;
  const scope = new BuildScope(isFromOutside);
  current = scope;
  try {
    return { result: build(), scope };
  } catch (error) {
    scope.rollback();
    throw error;
  } finally {
    current = outer;
  }
}
