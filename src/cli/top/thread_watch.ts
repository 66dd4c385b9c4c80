import { reasonOf } from "../../core/values/thrown.ts";
import { loggers } from "../../client/loggers.ts";
import { probe, scanDefaults } from "../../client/ports/scan.ts";
import { fitsTargets, threadsOf } from "../../client/targets.ts";
import type { ThreadStatus } from "../../wire/message.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import { noAnswer } from "../answers/groups.ts";
import { aimAt } from "./aims.ts";
import { leaderKey, threadKeys } from "./thread_key.ts";
import type { SeenThread, TopModel } from "./model.ts";
import { keysOf, settleAwaited } from "./perform.ts";

/** Asks ports who is there, each for itself, so that one that does not answer delays no others. */
export class ThreadWatch {
  readonly #model: TopModel;
  readonly #changed: () => void;
  /** What was found, by port. */
  readonly #found = new Map<number, readonly SeenThread[]>();
  /** Ports that have been asked and have not answered. */
  readonly #asked = new Set<number>();
  /** Ports that have answered once. */
  readonly #known = new Set<number>();
  /** Threads that have been asked for their loggers and have not answered. */
  readonly #askedLoggers = new Set<string>();

  /** `changed` is called when there is something new in the model. */
  constructor(model: TopModel, changed: () => void) {
    this.#model = model;
    this.#changed = changed;
  }

  /** Asks all again that have answered. */
  async look(): Promise<void> {
    const { ports } = scanDefaults(this.#model.setup.targets);
    await Promise.all([...ports.map((port) => this.#ask(port)), this.lookAtLoggers()]);
  }

  /** Asks the threads whose loggers are shown. */
  async lookAtLoggers(): Promise<void> {
    const { threads, opened } = this.#model;
    const wanted = threads.filter(({ key, status }) => status !== undefined && opened.has(key));
    await Promise.all(wanted.map((thread) => this.#askLoggers(thread)));
  }

  async #ask(port: number): Promise<void> {
    if (this.#asked.has(port)) return;
    this.#asked.add(port);
    const model = this.#model, { targets } = model.setup, askedAt = performance.now();
    try {
      const found = await probe(port, scanDefaults(targets));
      model.problem = undefined;
      if (found === undefined) this.#found.delete(port);
      else if (found.kind === "logdial") {
        this.#found.set(port, this.#threadsAt(port, found.status, askedAt));
      } else {
        const problem = found.kind === "silent"
          ? "closes without a word, like CPython's listener"
          : found.kind === "busy"
          ? found.reason
          : `not a logging server: ${found.reason}`;
        this.#found.set(port, this.#isForAll() ? [strangerAt(port, problem, askedAt)] : []);
      }
    } catch (error) {
      model.problem = reasonOf(error);
      this.#found.delete(port);
    } finally {
      this.#asked.delete(port);
    }
    this.#known.add(port);
    model.hasLooked = this.#known.size === scanDefaults(targets).ports.length;
    model.threads = [...this.#found].sort(([a], [b]) => a - b).flatMap(([, threads]) => threads);
    settleAwaited(model);
    this.#forgetLoggers();
    this.#changed();
  }

  #threadsAt(port: number, leader: ThreadStatus, askedAt: number): SeenThread[] {
    const { targets } = this.#model.setup;
    const told = threadsOf(leader);
    const places = told.map(({ pid, name }, at) => ({ port, isFollower: at > 0, pid, name }));
    const keys = threadKeys(places);
    return told.flatMap((status, at) =>
      fitsTargets(status, targets)
        ? { key: keys[at]!, port, isFollower: at > 0, status, askedAt }
        : []
    );
  }

  /** Whether those are meant too that do not tell who they are. */
  #isForAll(): boolean {
    const { name, pid, app } = this.#model.setup.targets;
    return name === undefined && pid === undefined && app === undefined;
  }

  async #askLoggers(thread: SeenThread): Promise<void> {
    const { key } = thread, model = this.#model;
    if (this.#askedLoggers.has(key)) return;
    this.#askedLoggers.add(key);
    try {
      const answers = await loggers(aimAt([thread], model.setup).targets);
      const keys = keysOf(answers);
      const answer = answers.find((_, at) => keys[at] === key) ??
        answers.find(({ result }) => result === undefined);
      if (answer?.result !== undefined) {
        model.loggers.set(key, { list: answer.result as LoggerList });
      } else {
        const problem = answer === undefined ? "no answer" : noAnswer(answer);
        model.loggers.set(key, { ...model.loggers.get(key), problem });
      }
    } catch (error) {
      model.loggers.set(key, { ...model.loggers.get(key), problem: reasonOf(error) });
    } finally {
      this.#askedLoggers.delete(key);
    }
    this.#changed();
  }

  #forgetLoggers(): void {
    const { loggers, threads } = this.#model;
    for (const key of loggers.keys()) {
      if (!threads.some((one) => one.key === key)) loggers.delete(key);
    }
  }
}

function strangerAt(port: number, problem: string, askedAt: number): SeenThread {
  return { key: leaderKey(port), port, isFollower: false, problem, askedAt };
}
