import { ChildProgram } from "../harness/child_program.ts";
import type { PortBlock } from "../harness/port_block.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";
import type { ThreadOrder } from "../fixtures/take_orders.ts";
import type { Levels } from "./model.ts";

/** How a thread guards what reaches it. */
export interface Guards {
  readonly key?: string;
  /** Whether its `verify` lets nothing through, and says so. */
  readonly refusesAll?: boolean;
  /** The file that it watches. */
  readonly file?: string;
  /** Name of its program. */
  readonly app?: string;
}

/** What a thread of `program.ts` is told; it answers with its levels, by the number. */
export type Order =
  & ThreadOrder
  & (
    | ({ readonly do: "begin" | "listen"; readonly ports: [number, number] } & Guards)
    | { readonly do: "stop" | "end" | "look" | "await standby" }
    | { readonly do: "compute"; readonly ms: number }
    | { readonly do: "log"; readonly text: string }
    | { readonly do: "set"; readonly logger: string; readonly level: number }
  );

type Told<T> = T extends unknown ? Omit<T, "name" | "number"> : never;

/** The threads of a process, seen from inside. */
export class Threads implements AsyncDisposable {
  readonly child: ChildProgram = ChildProgram.deno("tests/agreement/program.ts");
  readonly #ports: PortBlock;
  readonly #orders = new ThreadOrders(this.child);

  /** They listen on these ports. */
  constructor(ports: PortBlock) {
    this.#ports = ports;
  }

  /** Starts a thread that listens; gives its levels. */
  async begin(name: string, guards: Guards = {}): Promise<Levels> {
    return await this.tell(name, { do: "begin", ports: this.#ports.range, ...guards });
  }

  /** Lets a thread listen again; gives its levels. */
  async listen(name: string, guards: Guards = {}): Promise<Levels> {
    return await this.tell(name, { do: "listen", ports: this.#ports.range, ...guards });
  }

  /** Tells a thread something; gives its levels after it. */
  async tell(name: string, order: Told<Order>): Promise<Levels> {
    const answer = await this.#orders.tell(name, order);
    return answer === "ended" ? {} : JSON.parse(answer) as Levels;
  }

  /** Kills the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}
