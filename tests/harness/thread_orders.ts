import type { ChildProgram } from "./child_program.ts";

/** Tells the threads of a fixture what to do, which takes it by `takeOrders`. */
export class ThreadOrders {
  readonly #child: ChildProgram;
  #number = 0;

  /** Tells the threads of this program. */
  constructor(child: ChildProgram) {
    this.#child = child;
  }

  /** Tells a thread something; gives its answer. */
  async tell(name: string, order: { readonly do: string }): Promise<string> {
    const number = ++this.#number;
    await this.#child.tell(JSON.stringify({ ...order, name, number }));
    const line = await this.#child.until((line) => line.startsWith(`${number} `));
    return line.slice(line.indexOf(" ") + 1);
  }
}
