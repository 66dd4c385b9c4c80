import type { AgentReport } from "./agent_report.ts";
import { type HostThread, processOf } from "./host_threads.ts";
import type { LinesLeft } from "./thread_keeper.ts";

/**
 * Keeps how many lines processes had left of changes, so that a program that is started anew does not
 * get all of them once more.
 */
export class LinesBook {
  /**
   * Lines left by change, by process, by program. A process is what `processOf` says; of those of which
   * the agent before has told, it is the number alone.
   */
  readonly #left = new Map<string, Map<string, Map<string, number>>>();

  /** Learns from the report of the agent before. */
  learn({ threads }: AgentReport): void {
    for (const { app, pid, changes } of threads) {
      for (const { id, linesLeft } of changes) {
        if (linesLeft !== undefined) this.#of(app, String(pid)).set(id, linesLeft);
      }
    }
  }

  /** The page of a thread's process; `isThere` tells which processes, or numbers of such, are running. */
  pageOf(thread: HostThread, isThere: (process: string) => boolean): LinesLeft {
    const { app = "", pid } = thread.status ?? {};
    const number = String(pid), process = processOf(thread);
    const own = () => this.#of(app, process);
    // What was told before of the process's own number comes first.
    const isGone = (one: string) => one === number || !isThere(one);
    return {
      get: (id) => own().get(id) ?? this.#takeOver(app, own(), id, isGone, number),
      // All threads of a process tell the same number, some of them an older one.
      set: (id, left) => own().set(id, Math.min(left, own().get(id) ?? left)),
    };
  }

  /** Takes over what a process of the same program that has ended had left. */
  #takeOver(
    app: string,
    own: Map<string, number>,
    id: string,
    isGone: (process: string) => boolean,
    first: string,
  ): number | undefined {
    const pages = this.#left.get(app);
    for (const process of [first, ...pages?.keys() ?? []]) {
      const page = pages?.get(process), left = page?.get(id);
      if (page === undefined || left === undefined || !isGone(process)) continue;
      page.delete(id);
      own.set(id, left);
      return left;
    }
    return undefined;
  }

  #of(app: string, process: string): Map<string, number> {
    const processes = this.#left.get(app) ?? new Map<string, Map<string, number>>();
    this.#left.set(app, processes);
    const page = processes.get(process) ?? new Map<string, number>();
    processes.set(process, page);
    return page;
  }

  /** Forgets changes that are not in force any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const processes of this.#left.values()) {
      for (const [process, page] of processes) {
        for (const id of page.keys()) if (!ids.has(id)) page.delete(id);
        if (page.size === 0) processes.delete(process);
      }
    }
  }
}
