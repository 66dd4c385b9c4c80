/** Tells a thread with a port of its own from all others. */
export function leaderKey(port: number): string {
  return String(port);
}

/** The same for a thread that follows another one. */
export function followersKey(port: number, pid: number, name: string): string {
  return `${port} ${pid} ${name}`;
}
