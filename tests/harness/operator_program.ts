import { status } from "../../src/client/status.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "./child_program.ts";
import { PATIENT } from "./patient.ts";
import { PortBlock } from "./port_block.ts";
import type { LineTest } from "./line_reader.ts";

/** How `fixtures/operator.ts` is started. */
export interface OperatorSettings {
  /** Options of `listen`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which of the fixture's functions looks at payloads. */
  readonly verify?: "prefix" | "throws" | "slow";
  /** Whether the main thread does not listen, so that a worker starts the hub. */
  readonly quietMain?: boolean;
}

/** What a thread of `fixtures/operator.ts` understands. */
export type Order =
  /** Log at DEBUG and ERROR. */
  | { readonly do: "log"; readonly logger?: string; readonly text: string }
  /** Set a level, as programs do themselves. */
  | { readonly do: "setLevel"; readonly logger: string; readonly level: string }
  /** Configure itself, as programs do; what is not said of a dict is the version. */
  | { readonly do: "configure"; readonly config: Readonly<Record<string, unknown>> }
  /** Give a level a name, as programs do. */
  | { readonly do: "nameLevel"; readonly level: number; readonly as: string }
  /** Never yield again, and log as it computes. */
  | { readonly do: "busy" }
  /** Log this many records at DEBUG at once. */
  | { readonly do: "flood"; readonly count: number }
  /** Compute silently for a while, a worker until it is let go on if no time is said. */
  | { readonly do: "compute"; readonly ms?: number }
  /** Stop the thread's clock at this time, in milliseconds since the epoch. */
  | { readonly do: "stopClock"; readonly at: number }
  /** Free the port. */
  | { readonly do: "stopListening" }
  /** End. */
  | { readonly do: "close" };

/** A program of several threads that an operator turns. */
export class OperatorProgram implements AsyncDisposable {
  readonly child: ChildProgram;
  /** Where its threads listen. */
  readonly ports: PortBlock;

  /** Starts it; all of its threads start at INFO. */
  constructor({ options = {}, ...more }: Partial<OperatorSettings> = {}) {
    this.ports = PortBlock.claim(8);
    const settings = { options: { ports: this.ports.range, ...PATIENT, ...options }, ...more };
    const args = [JSON.stringify(settings)];
    this.child = ChildProgram.deno("tests/fixtures/operator.ts", { args });
  }

  /** Starts workers; resolves when they and the main thread answer. */
  async start(...names: string[]): Promise<void> {
    for (const name of names) await this.child.tell(JSON.stringify({ to: name }));
    for (const name of names) await this.until(name, () => true);
  }

  /** Gives a thread an order. */
  async tell(to: string, order: Order): Promise<void> {
    await this.child.tell(JSON.stringify({ to, order }));
  }

  /** Lets a thread log at DEBUG and ERROR; gives the levels that came out. */
  async levelsLogged(to: string, text: string, logger = ""): Promise<string[]> {
    const from = this.child.stdout.lines.length;
    await this.tell(to, { do: "log", logger, text });
    await this.child.until((line) => line.endsWith(`ERROR|${text}`), from);
    return this.child.stdout.lines.slice(from).filter((line) => line.endsWith(`|${text}`))
      .map((line) => line.split("|").at(-2)!);
  }

  /** Starts never ending work on a thread, and waits until it is at it. */
  async makeBusy(name: string): Promise<void> {
    await this.tell(name, { do: "busy" });
    await this.child.until(`|${name}|app|ERROR|busy`);
  }

  /** Has a thread compute without a word, and waits until it is at it. */
  async silence(name: string, ms: number): Promise<void> {
    const from = this.child.stdout.lines.length;
    await this.tell(name, { do: "compute", ms });
    await this.child.until("computing", from);
  }

  /** Has a worker compute without a word until it is let go on, and waits until it is at it. */
  async block(name: string): Promise<void> {
    const from = this.child.stdout.lines.length;
    await this.tell(name, { do: "compute" });
    await this.child.until("computing", from);
  }

  /** Lets a worker go on that has been blocked. */
  async open(name: string): Promise<void> {
    await this.child.tell(JSON.stringify({ to: name, opens: true }));
  }

  /** The status of all threads, by name. */
  async status(): Promise<Map<string, ThreadStatus>> {
    const all = await status({ ports: this.ports.range });
    return new Map(all.map((one) => [one.name, one]));
  }

  /** Waits for a status of a thread. */
  async until(name: string, test: (status: ThreadStatus) => boolean): Promise<ThreadStatus> {
    return await this.child.eventually(`a status of ${name}`, async () => {
      const found = (await this.status()).get(name);
      return found !== undefined && test(found) ? found : undefined;
    });
  }

  /** Ends the worker that has started the hub, the first of all, until another hub serves a thread. */
  async endHub(host: string, thread: string): Promise<void> {
    const { instance } = await this.until(thread, () => true);
    await this.tell(host, { do: "close" });
    await this.until(thread, (status) => status.instance !== instance);
  }

  /** Waits until the thread's own levels are these. */
  async untilLevels(name: string, levels: Record<string, string>): Promise<ThreadStatus> {
    const text = (some: object) => JSON.stringify(Object.entries(some).sort());
    const wanted = text(levels);
    return await this.until(name, (status) => text(status.levels) === wanted);
  }

  /** The first line after `from` that fits. */
  async line(test: LineTest, from = 0): Promise<string> {
    return await this.child.until(test, from);
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
    this.ports[Symbol.dispose]();
  }
}
