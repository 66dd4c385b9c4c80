import { status } from "../../src/client/status.ts";
import { readWireId } from "../../src/fleet/thread_plan.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import type { OperatorSettings } from "../harness/operator_program.ts";
import type { PortBlock } from "../harness/port_block.ts";

/** A program of the shop that listens on ports of the test, so that it can be started anew there. */
export class ShopProgram implements AsyncDisposable {
  readonly child: ChildProgram;
  readonly #ports: PortBlock;

  constructor(ports: PortBlock) {
    this.#ports = ports;
    const settings: OperatorSettings = { options: { ports: ports.range, app: "shop" } };
    const args = [JSON.stringify(settings)];
    this.child = ChildProgram.deno("tests/fixtures/operator.ts", { args });
  }

  /** Waits for a status of a thread. */
  async until(
    what: string,
    isThere: (status: ThreadStatus) => boolean,
    name = "MainProcess",
  ): Promise<ThreadStatus> {
    return await this.child.eventually(`${name} with ${what}`, async () => {
      const all = await status({ ports: this.#ports.range });
      return all.find((one) => one.name === name && isThere(one));
    });
  }

  /** Waits until a thread has these changes of the fleet, lowest first. */
  async untilHas(...ids: readonly string[]): Promise<ThreadStatus> {
    const wanted = ids.join();
    return await this.until(`changes ${wanted}`, (one) => fleetIds(one).join() === wanted);
  }

  /** Starts another thread. */
  async startThread(name: string): Promise<void> {
    await this.child.tell(JSON.stringify({ to: name }));
  }

  /** Logs at DEBUG and ERROR. */
  async log(logger: string, text: string): Promise<void> {
    const order = { do: "log", logger, text };
    await this.child.tell(JSON.stringify({ to: "MainProcess", order }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

/** Changes of the fleet that a thread has in force, by their ids. */
function fleetIds({ changes = [] }: ThreadStatus): string[] {
  return changes.flatMap(({ id }) => readWireId(id)?.id ?? []);
}
