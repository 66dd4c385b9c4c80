/** The part of the Web Locks API used here; Deno's own types do not have it yet. */
interface LockManager {
  request<T>(
    name: string,
    options: { ifAvailable?: boolean; mode?: "shared" },
    body: (lock: unknown) => Promise<T>,
  ): Promise<T>;
  query(): Promise<{ readonly held: readonly { readonly name: string }[] }>;
}

/** Deno makes the lock manager when it is first asked for, which takes a while: never at import. */
function lockManager(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}

/** Whether the threads can agree on anything: before Deno 2.9 they cannot share memory either. */
export function hasLocks(): boolean {
  return "locks" in navigator;
}

/** Runs `body` while it holds the lock; does nothing if another thread holds it. */
export async function tryLock(name: string, body: () => Promise<void>): Promise<void> {
  await lockManager()?.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await body();
  });
}

/** Waits for the lock, calls `held`, and then holds the lock until the thread ends. */
export function holdLock(name: string, held: () => void): void {
  void lockManager()?.request(name, {}, () => {
    held();
    return new Promise<never>(() => {});
  });
}

/** Runs `body` while it holds the lock, which others may hold by this function at the same time. */
export async function holdShared(name: string, body: () => Promise<void>): Promise<void> {
  const locks = lockManager();
  if (locks === undefined) await body();
  else await locks.request(name, { mode: "shared" }, body);
}

/** Resolves when the thread that holds the lock has ended. */
export async function untilLockEnds(name: string): Promise<void> {
  await lockManager()?.request(name, {}, async () => {});
}

/** Whether a thread of the process holds the lock. */
export async function isLockHeld(name: string): Promise<boolean> {
  const held = (await lockManager()?.query())?.held ?? [];
  return held.some((lock) => lock.name === name);
}
