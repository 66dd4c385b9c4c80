import { PROJECT } from "../harness/project.ts";

/**
 * A child process that is talked to in lines. What it says is taken only when asked for,
 * so that a measurement is not disturbed by the reading of its results.
 */
export class LineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #decoder = new TextDecoder();
  readonly #name: string;
  #lines: string[] = [];
  #rest = "";

  /** Starts it; its lines come from `source`, the other output goes nowhere or is shown. */
  constructor(command: readonly [string, ...string[]], source: "stdout" | "stderr") {
    const [program, ...args] = command;
    this.#name = command.slice(0, 4).join(" ");
    this.#child = new Deno.Command(program, {
      args,
      cwd: PROJECT,
      stdin: "piped",
      stdout: source === "stdout" ? "piped" : "null",
      stderr: source === "stderr" ? "piped" : "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child[source].getReader();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Writes to its standard input. */
  async write(text: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(text));
  }

  /**
   * The next line.
   *
   * @throws {Error} It ended, or says nothing for so many milliseconds.
   */
  async read(patience = 30_000): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.#name}: no line in ${patience} ms`)),
        patience,
      );
    });
    try {
      while (this.#lines.length === 0) this.#take(await Promise.race([this.#reader.read(), late]));
      return this.#lines.shift()!;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The next line, which is of so many numbers.
   *
   * @throws {Error} It says something else.
   */
  async readNumbers(count: number, patience?: number): Promise<number[]> {
    const line = await this.read(patience), numbers = line.split(" ").map(Number);
    if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
    throw new Error(`Cannot measure ${this.#name}: it says "${line}"`);
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws {Error} It says something else.
   */
  async untilReady(): Promise<void> {
    const line = await this.read();
    if (line !== "ready") throw new Error(`Cannot measure ${this.#name}: it says "${line}"`);
  }

  /** Kills it and waits for its end. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It may have ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
    await Promise.allSettled([this.#writer.close(), this.#reader.cancel()]);
  }

  #take({ value }: { value?: Uint8Array<ArrayBuffer> }): void {
    if (value === undefined) throw new Error(`${this.#name}: it has ended`);
    const lines = (this.#rest + this.#decoder.decode(value, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    this.#lines.push(...lines);
  }
}
