/**
 * What objects that are being built for a configuration have done to the outside, so
 * that a refused configuration leaves nothing behind: no file made, none emptied.
 */
export class BuildScope {
  readonly #undo: (() => void)[] = [];
  readonly #commit: (() => void)[] = [];

  /** Takes back one thing if the configuration is refused. */
  onRollback(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Puts off one thing until the configuration is in force. */
  onCommit(action: () => void): void {
    this.#commit.push(action);
  }

  /** Takes everything back, the last first. */
  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  /** Does what was put off. */
  commit(): void {
    for (const action of this.#commit) action();
  }
}

let current: BuildScope | undefined;

/** The scope of the configuration that is being built, if one is. */
export function currentBuildScope(): BuildScope | undefined {
  return current;
}

/** Runs `build` with a scope of its own, and takes everything back if it throws. */
export function buildInScope<T>(build: () => T): { result: T; scope: BuildScope } {
  const outer = current;
  const scope = new BuildScope();
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
