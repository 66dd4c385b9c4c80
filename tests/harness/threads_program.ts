import { listThreads } from "./list_threads.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { type ChildOptions, ChildProgram } from "./child_program.ts";
import type { PortBlock } from "./port_block.ts";

/** What `fixtures/threads.ts` understands. */
export type Command =
  /** The main thread imports the shared logger module. */
  | { readonly do: "import" }
  /** The main thread logs at DEBUG and ERROR. */
  | { readonly do: "log"; readonly text: string }
  /** A worker starts; the orders are posted right after its creation. */
  | { readonly do: "start"; readonly name: string; readonly orders: readonly string[] }
  /** A worker gets an order; see `fixtures/threads_worker.ts`. */
  | { readonly do: "tell"; readonly name: string; readonly order: string }
  /** A blocked worker goes on. */
  | { readonly do: "open"; readonly name: string }
  /** The main thread says so once a hub stands by. */
  | { readonly do: "await standby" }
  /** A worker is terminated. */
  | { readonly do: "terminate"; readonly name: string };

/** A program whose threads do what a test says. */
export class ThreadsProgram implements AsyncDisposable {
  /** The process. */
  readonly child: ChildProgram;
  readonly #ports: PortBlock;

  /** Starts it on the ports; its main thread does not log before it is told to. */
  constructor(ports: PortBlock, options: ChildOptions = {}) {
    this.#ports = ports;
    const env = { LOGDIAL_PORTS: ports.text, ...options.env };
    this.child = ChildProgram.deno("tests/fixtures/threads.ts", { ...options, env });
  }

  /** Gives a command. */
  async command(command: Command): Promise<void> {
    await this.child.tell(JSON.stringify(command));
  }

  /** Starts a worker; the orders are posted right after its creation. */
  async start(name: string, ...orders: string[]): Promise<void> {
    await this.command({ do: "start", name, orders });
  }

  /** Gives a worker an order. */
  async tell(name: string, order: string): Promise<void> {
    await this.command({ do: "tell", name, order });
  }

  /** Lets the main thread log, and waits for the line that contains `expected`. */
  async log(text: string, expected = text): Promise<string> {
    const from = this.child.stdout.lines.length;
    await this.command({ do: "log", text });
    return await this.child.until(expected, from);
  }

  /** Waits until a hub stands by. */
  async untilStandby(): Promise<void> {
    const from = this.child.stdout.lines.length;
    await this.command({ do: "await standby" });
    await this.child.until("a hub stands by", from);
  }

  /** Waits until exactly these threads answer. */
  async untilThreads(...names: string[]): Promise<Map<string, ThreadStatus>> {
    const wanted = names.sort().join();
    return await this.child.eventually(`threads ${wanted} on ${this.#ports.text}`, async () => {
      const threads = await listThreads(this.#ports);
      return [...threads.keys()].sort().join() === wanted ? threads : undefined;
    });
  }

  /** Waits until another hub than `instance` serves exactly these threads, and gives its own. */
  async untilAnotherHub(instance: string | undefined, ...names: string[]): Promise<string> {
    return await this.child.eventually(`another hub that serves ${names}`, async () => {
      const threads = await this.untilThreads(...names);
      const found = threads.get(names[0]!)!.instance;
      return found === instance ? undefined : found;
    });
  }

  /** The port of a thread that answers. */
  async portOf(name: string): Promise<number> {
    return await this.child.eventually(
      `thread ${name} on ${this.#ports.text}`,
      async () => (await listThreads(this.#ports)).get(name)?.port,
    );
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}
