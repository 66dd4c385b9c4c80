/** The part of the Web Locks API used here; Deno's own types do not have it yet. */
interface LockManager {
  request<T>(
    name: string,
    options: { ifAvailable: boolean },
    body: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

/** Undefined before Deno 2.9, where threads cannot share memory as needed either. */
const locks = (navigator as { locks?: LockManager }).locks;

/** Whether the threads of the process can agree on anything. */
export const HAS_LOCKS: boolean = locks !== undefined;

/** Runs `body` with the lock, which ends with the thread; not if another thread has it. */
export async function tryLock(name: string, body: () => Promise<void>): Promise<void> {
  await locks?.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await body();
  });
}
