/** Where a thread is: with a port of its own, or by the port of one that it follows. */
export interface ThreadPlace {
  readonly port: number;
  readonly isFollower: boolean;
  readonly pid?: number;
  readonly name?: string;
}

/** Tells a thread with a port of its own from all others. */
export function leaderKey(port: number): string {
  return String(port);
}

/** The same for threads as their listeners tell them: of those that follow, several may have one name. */
export function threadKeys(threads: readonly ThreadPlace[]): string[] {
  const counts = new Map<string, number>();
  return threads.map(({ port, isFollower, pid, name }) => {
    if (!isFollower) return leaderKey(port);
    const key = `${port} ${pid} ${name}`, count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count === 0 ? key : `${key}\n${count}`;
  });
}
