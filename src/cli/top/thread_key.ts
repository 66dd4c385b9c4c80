import { labelsOf } from "../../core/text/labels_of.ts";

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

/**
 * The keys of threads in the order in which their listeners tell them: of those that follow another
 * one, several may have one name.
 */
export function threadKeys(threads: readonly ThreadPlace[]): string[] {
  const labels = labelsOf(
    threads.map(({ port, isFollower, pid, name }) =>
      isFollower ? `${port} ${pid} ${name}` : leaderKey(port)
    ),
  );
  return threads.map(({ port, isFollower }, at) => isFollower ? labels[at]! : leaderKey(port));
}
