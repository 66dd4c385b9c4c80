import { labelsOf } from "../../core/text/labels_of.ts";
import { whyNoCommand } from "../../client/first_version.ts";
import { commandText, request } from "../../client/request.ts";
import { readLoggers } from "../../client/read_results.ts";
import { probe, scanDefaults } from "../../client/ports/scan.ts";
import { type Targets, threadsOf } from "../../client/targets.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import type { LoggerInfo, LoggerList } from "../../wire/logger_info.ts";
import type { ThreadStatus } from "../../wire/message.ts";
import { RateMeter } from "./rate_meter.ts";
import type { ThreadRates, WebThread } from "./web_thread.ts";

/** How often a thread is asked, in milliseconds. */
const THREAD_MS = 500;
/** How often a port without a listener is tried, in milliseconds. */
const NOBODY_MS = 1000;
/** How often other listeners are asked, in milliseconds: CPython's log each such visit. */
const OTHER_MS = 5000;
/** How often a thread is asked for its loggers, in milliseconds: that is more work than its status. */
const LOGGERS_MS = 1000;
/** All ports that there are. */
const ALL_PORTS = [1, 65_535] as const;

/** The last answers to `loggers`, by the labels of the threads. */
interface ToldLoggers {
  readonly lists: ReadonlyMap<string, LoggerList>;
  /** Threads that have not answered, since they compute. */
  readonly silent: ReadonlySet<string>;
  readonly at: number;
  /** The listener's instance that has told them. */
  readonly instance: string | undefined;
}

const NOTHING_TOLD: ToldLoggers = {
  lists: new Map(),
  silent: new Set(),
  at: -Infinity,
  instance: undefined,
};

/**
 * Asks again and again who is on a port. Each port has a watch of its own, so that a port which does
 * not answer delays no other one.
 */
export class PortWatch {
  readonly #port: number;
  readonly #targets: Targets;
  /**
   * The targets for what is asked of all threads on the port: a port alone would mean its own
   * thread only.
   */
  readonly #toAll: Targets;
  readonly #tell: (what: "threads" | "rates") => void;
  #threads: readonly WebThread[] = [];
  #shown = "[]";
  readonly #meter = new RateMeter();
  #rates = "[]";
  #loggers = NOTHING_TOLD;
  #isStopped = false;
  #isDue = false;
  #wake = () => {};
  #ended: Promise<void>;

  /** Begins; `tell` is called whenever something else is there, or rates have changed. */
  constructor(port: number, targets: Targets, tell: (what: "threads" | "rates") => void) {
    this.#port = port;
    this.#targets = targets;
    this.#toAll = { ...targets, ports: ALL_PORTS };
    this.#tell = tell;
    this.#ended = this.#run();
  }

  /** The threads on the port. */
  get threads(): readonly WebThread[] {
    return this.#threads;
  }

  /** The rates of these threads. */
  get rates(): readonly ThreadRates[] {
    return this.#meter.rates;
  }

  /** Looks at once, since something has been changed. */
  poke(): void {
    this.#isDue = true;
    this.#loggers = { ...this.#loggers, at: -Infinity };
    this.#wake();
  }

  /** Ends; resolves when nothing is asked any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#isDue = false;
      await this.#look();
      if (this.#isStopped) return;
      if (!this.#isDue) await this.#pause(pauseAfter(this.#threads));
    }
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  async #look(): Promise<void> {
    const port = this.#port;
    const other = { key: `${port}`, port, follows: false };
    try {
      const found = await probe(port, scanDefaults(this.#targets));
      if (found?.kind !== "logdial") {
        this.#loggers = NOTHING_TOLD;
        return this.#publish(found === undefined ? [] : [{ ...other, ...found }]);
      }
      const { status } = found;
      if (status.instance !== this.#loggers.instance) this.#loggers = NOTHING_TOLD;
      // The status does not wait for the loggers, which a thread that computes may tell much later.
      this.#publishStatus(status);
      if (await this.#askForLoggers(status)) this.#publishStatus(status);
    } catch (error) {
      this.#publish([{ ...other, kind: "foreign", reason: reasonOf(error) }]);
    }
  }

  #publishStatus(status: ThreadStatus): void {
    const told = threadsOf(status), { lists } = this.#loggers;
    const labels = labelsOf(told.map(({ name }) => name));
    const threads = told.map((one, at) => this.#thread(one, labels[at]!, at > 0));
    this.#meter.take(threads.map(({ key }, at) => ({
      key,
      status: told[at]!,
      loggers: lists.get(labels[at]!)?.loggers ?? [],
    })));
    this.#publish(threads);
  }

  #publish(threads: readonly WebThread[]): void {
    if (this.#isStopped) return;
    const shown = JSON.stringify(threads), rates = JSON.stringify(this.#meter.rates);
    const isNew = shown !== this.#shown, isOtherRate = rates !== this.#rates;
    this.#threads = threads;
    this.#shown = shown;
    this.#rates = rates;
    if (isNew) this.#tell("threads");
    if (isOtherRate) this.#tell("rates");
  }

  #thread(told: ThreadStatus, label: string, follows: boolean): WebThread {
    const { followers: _, written: __, ...status } = told;
    const list = this.#loggers.lists.get(label);
    const key = `${status.instance ?? status.pid} ${this.#port} ${follows ? label : ""}`;
    return {
      key,
      port: this.#port,
      follows,
      kind: "logdial",
      status,
      ...list === undefined ? {} : { loggers: list.loggers.map(withoutRates), more: list.more },
      ...this.#loggers.silent.has(label) ? { computes: true } : {},
    };
  }

  /** Asks for the loggers, if it is time for that; resolves to whether it has asked. */
  async #askForLoggers(status: ThreadStatus): Promise<boolean> {
    if (whyNoCommand(status, "loggers") !== undefined) return false;
    const { lists, at } = this.#loggers;
    if (performance.now() - at < LOGGERS_MS) return false;
    const target = { port: this.#port, status };
    const text = commandText({ command: "loggers" }, target, this.#toAll);
    const answers = await request(target, text, this.#toAll, 0, readLoggers);
    const labels = labelsOf(answers.map(({ name = "" }) => name));
    const told = answers.flatMap(({ result }, at): [string, LoggerList][] =>
      result === undefined ? [] : [[labels[at]!, result as LoggerList]]
    );
    const names = threadsOf(status).map(({ name }) => name);
    const known = new Set([...labelsOf(names), ...labels]);
    this.#loggers = {
      // The last lists of threads that compute stay.
      lists: new Map([...[...lists].filter(([label]) => known.has(label)), ...told]),
      silent: new Set(labels.filter((_, at) => answers[at]!.outcome === "pending")),
      at: performance.now(),
      instance: status.instance,
    };
    return true;
  }
}

function withoutRates({ written: _, ...info }: LoggerInfo): Omit<LoggerInfo, "written"> {
  return info;
}

function pauseAfter(found: readonly WebThread[]): number {
  const [first] = found;
  if (first === undefined) return NOBODY_MS;
  return first.kind === "logdial" ? THREAD_MS : OTHER_MS;
}
