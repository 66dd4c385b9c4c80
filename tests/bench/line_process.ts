import { PROJECT } from "./deno_command.ts";

/** A child process that is talked to in lines. */
export class LineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #name: string;

  /** Starts it; its lines come from `source`, the other output goes nowhere or is shown. */
  constructor(
    command: readonly [string, ...string[]],
    source: "stdout" | "stderr",
  ) {
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
    this.#lines = this.#child[source].pipeThrough(new TextDecoderStream())
      .pipeThrough(splitLines()).getReader();
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
   * @throws {Error} It ended, or says nothing for 30 s.
   */
  async read(): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.#name}: no line in 30 s`)), 30_000);
    });
    try {
      const { value } = await Promise.race([this.#lines.read(), late]);
      if (value === undefined) throw new Error(`${this.#name}: it has ended`);
      return value;
    } finally {
      clearTimeout(timer);
    }
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
    await Promise.allSettled([this.#writer.close(), this.#lines.cancel()]);
  }
}

function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}
