import type { LogFile } from "./log_file.ts";

/** Files that this thread holds a lock on: a second lock on one would wait for ever. */
const held = new Set<string>();

/**
 * Keeps all other threads and processes that ask for the same from the file (`flock`),
 * until the file is closed or unlocked; waits for its turn.
 *
 * @returns Whether the lock is held now and was not before. Without: on Windows, where
 * locks would keep readers out, and on file systems that have none.
 */
export function lockFile(log: LogFile): boolean {
  const { id } = log;
  if (id === undefined || held.has(id)) return false;
  try {
    log.file.lockSync(true);
  } catch {
    return false;
  }
  held.add(id);
  return true;
}

/** Lets the others in; a file that is closed has let them in already. */
export function unlockFile(log: LogFile): void {
  held.delete(log.id!);
  if (!log.isClosed) log.file.unlockSync();
}
