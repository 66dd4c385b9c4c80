import type { AgentReport } from "./agent_report.ts";
import type { LinesLeft } from "./thread_keeper.ts";

/**
 * Keeps how many lines processes had left of changes, so that a program that is started anew does not
 * get all of them once more.
 */
export class LinesBook {
  /** Lines left by change, by process, by program. */
  readonly #left = new Map<string, Map<number, Map<string, number>>>();

  /** Learns from the report of the agent before. */
  learn({ threads }: AgentReport): void {
    for (const { app, pid, changes } of threads) {
      for (const { id, linesLeft } of changes) {
        if (linesLeft !== undefined) this.#of(app, pid).set(id, linesLeft);
      }
    }
  }

  /** The page of one process; `isThere` tells which processes are running. */
  pageOf(app: string, pid: number, isThere: (pid: number) => boolean): LinesLeft {
    const own = () => this.#of(app, pid);
    return {
      get: (id) => own().get(id) ?? this.#takeOver(app, own(), id, isThere),
      // All threads of a process tell the same number, some of them an older one.
      set: (id, left) => own().set(id, Math.min(left, own().get(id) ?? left)),
    };
  }

  /** Takes over what a process of the same program that has ended had left. */
  #takeOver(
    app: string,
    own: Map<string, number>,
    id: string,
    isThere: (pid: number) => boolean,
  ): number | undefined {
    for (const [pid, page] of this.#left.get(app) ?? []) {
      const left = page.get(id);
      if (left === undefined || isThere(pid)) continue;
      page.delete(id);
      own.set(id, left);
      return left;
    }
    return undefined;
  }

  #of(app: string, pid: number): Map<string, number> {
    const processes = this.#left.get(app) ?? new Map<number, Map<string, number>>();
    this.#left.set(app, processes);
    const page = processes.get(pid) ?? new Map<string, number>();
    processes.set(pid, page);
    return page;
  }

  /** Forgets changes that are not in force any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const processes of this.#left.values()) {
      for (const [pid, page] of processes) {
        for (const id of page.keys()) if (!ids.has(id)) page.delete(id);
        if (page.size === 0) processes.delete(pid);
      }
    }
  }
}
