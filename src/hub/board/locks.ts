/** The part of the Web Locks API used here; Deno's own types do not have it yet. */
interface LockManager {
  request<T>(
    name: string,
    options: { ifAvailable?: boolean; mode?: "shared" },
    body: (lock: unknown) => Promise<T>,
  ): Promise<T>;
  query(): Promise<{ readonly held: readonly HeldLock[] }>;
}

/** A lock that a thread holds, or several do. */
interface HeldLock {
  readonly name: string;
  readonly mode: "exclusive" | "shared";
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

/** Takes the lock and holds it until the thread ends; returns false if another thread holds it. */
export async function takeLock(name: string): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const hold = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    tryLock(name, hold).then(() => resolve(false), reject);
  });
}

/**
 * Waits for the lock, calls `held`, and then holds the lock until the thread ends.
 *
 * A thread that may end while it waits must not do so for a lock that others need: if Deno gives it
 * the lock just then, it never takes it back.
 */
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

/**
 * Resolves when the thread has ended that holds the lock for itself. It waits for a share of the lock:
 * Deno may leave that to a thread that ends meanwhile, but `findOwnedLock` does not count shares, and
 * others that wait so get theirs.
 */
export async function untilOwnerEnds(name: string): Promise<void> {
  await holdShared(name, async () => {});
}

/** Resolves when the thread that holds the lock has ended; see `holdLock` for which locks. */
export async function untilLockEnds(name: string): Promise<void> {
  await lockManager()?.request(name, {}, async () => {});
}

/** Whether a thread of the process holds the lock. */
export async function isLockHeld(name: string): Promise<boolean> {
  return (await heldLocks()).some((lock) => lock.name === name);
}

/** The name of a lock that begins with `prefix` and that a thread of the process holds for itself. */
export async function findOwnedLock(prefix: string): Promise<string | undefined> {
  const held = await heldLocks();
  return held.find(({ name, mode }) => mode === "exclusive" && name.startsWith(prefix))?.name;
}

async function heldLocks(): Promise<readonly HeldLock[]> {
  return (await lockManager()?.query())?.held ?? [];
}
