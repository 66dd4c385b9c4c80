/** Where lines go: nowhere, to a file, or through a pipe to a process that reads. */
export type SinkKind = "null" | "file" | "pipe";

/** A sink of one program. */
export class Sink {
  readonly kind: SinkKind;
  readonly path: string;
  readonly #reader: Deno.ChildProcess | undefined;

  private constructor(kind: SinkKind, path: string, reader?: Deno.ChildProcess) {
    this.kind = kind;
    this.path = path;
    this.#reader = reader;
  }

  /** Makes one at the path. */
  static async open(kind: SinkKind, path: string): Promise<Sink> {
    switch (kind) {
      case "null":
        return new Sink(kind, "/dev/null");
      case "file":
        await Deno.writeTextFile(path, "");
        return new Sink(kind, path);
      case "pipe": {
        await new Deno.Command("mkfifo", { args: [path] }).output();
        const reader = new Deno.Command("cat", { args: [path], stdout: "null" }).spawn();
        return new Sink(kind, path, reader);
      }
    }
  }

  /** The command with its stdout led here. */
  lead(command: readonly string[]): [string, ...string[]] {
    return ["sh", "-c", 'exec "$@" >>"$0"', this.path, ...command];
  }

  /** Lines in the file since the last time, undefined where there is none. */
  async takeLines(): Promise<number | undefined> {
    if (this.kind !== "file") return undefined;
    const bytes = await Deno.readFile(this.path);
    await Deno.truncate(this.path);
    let lines = 0;
    for (const byte of bytes) if (byte === 10) lines++;
    return lines;
  }

  /** Ends the reader and removes what was made; the one who writes has ended. */
  async close(): Promise<void> {
    if (this.#reader !== undefined) {
      try {
        // It has ended with its writer, or never had one.
        this.#reader.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      await this.#reader.status;
    }
    if (this.kind !== "null") await Deno.remove(this.path);
  }
}
