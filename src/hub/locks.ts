/** The part of the Web Locks API used here; Deno's own types do not have it yet. */
interface LockManager {
  request<T>(name: string, body: (lock: unknown) => Promise<T>): Promise<T>;
  request<T>(
    name: string,
    options: { ifAvailable: boolean },
    body: (lock: unknown) => Promise<T>,
  ): Promise<T>;
  query(): Promise<{ held?: readonly { name?: string }[] }>;
}

/** Undefined before Deno 2.9, where threads cannot share memory as needed either. */
const locks = (navigator as { locks?: LockManager }).locks;

/** Whether the threads of the process can agree on anything. */
export const HAS_LOCKS: boolean = locks !== undefined;

/** Runs `body` while no other thread of the process holds the lock. */
export async function withLock(name: string, body: () => Promise<void>): Promise<void> {
  await locks?.request(name, body);
}

/** Runs `body` with the lock, unless some thread has it. */
export async function tryLock(name: string, body: () => Promise<void>): Promise<void> {
  await locks?.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await body();
  });
}

/** Whether some thread of the process holds the lock; it ends with the thread. */
export async function isLocked(name: string): Promise<boolean> {
  const { held = [] } = await locks?.query() ?? {};
  return held.some((lock) => lock.name === name);
}
