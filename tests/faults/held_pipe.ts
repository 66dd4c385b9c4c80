import { within } from "../harness/deadline.ts";

/** As much as a pipe holds. */
const CHUNK_BYTES = 65_536;

/** A named pipe whose reader does what a test says. */
export class HeldPipe implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #opening: Promise<Deno.FsFile>;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #closed = false;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = `${folder}/pipe`;
    // Waits for the writer, as the writer waits for it.
    this.#opening = Deno.open(this.path, { read: true });
  }

  /** Makes it. */
  static async make(): Promise<HeldPipe> {
    const folder = Deno.makeTempDirSync({ prefix: "logdial_pipe_" });
    const { success } = await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    if (!success) throw new Error("Cannot make a named pipe");
    return new HeldPipe(folder);
  }

  /** Reads once; undefined at the end. */
  async readBytes(): Promise<Uint8Array | undefined> {
    const file = await within(this.#opening, () => "a writer of the pipe");
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await within(file.read(chunk), () => "bytes from the pipe");
    return count === null ? undefined : chunk.subarray(0, count);
  }

  /** Reads once; gives the lines that are whole by now, undefined at the end. */
  async read(): Promise<string[] | undefined> {
    const bytes = await this.readBytes();
    if (bytes === undefined) return undefined;
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    return lines;
  }

  /** Reads to the end. */
  async readAll(): Promise<string[]> {
    const all: string[] = [];
    for (let lines = await this.read(); lines !== undefined; lines = await this.read()) {
      all.push(...lines);
    }
    return this.#rest === "" ? all : [...all, this.#rest];
  }

  /** Closes it: nobody will ever read from it again. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    (await this.#opening).close();
  }

  /** Leaves, and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
