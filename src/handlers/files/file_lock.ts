import type { LogFile } from "./log_file.ts";

/** Files that this thread has locked: to lock one of them again would wait for ever. */
const held = new Set<string>();

/**
 * Locks the file (`flock`) against all other threads and processes that lock it, until it is closed
 * or unlocked; waits for its turn.
 *
 * @returns Whether the lock was taken now. There are no locks on Windows, where they would keep
 * readers out, and on file systems without them.
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

/** Unlocks the file; to close a file unlocks it as well. */
export function unlockFile(log: LogFile): void {
  held.delete(log.id!);
  if (!log.isClosed) log.file.unlockSync();
}
