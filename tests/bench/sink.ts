/**
 * Where lines go: nowhere, to a file, or through a pipe to a process that reads; to look at
 * what came through a pipe, it is kept.
 */
export type SinkKind = "null" | "file" | "pipe" | "kept pipe";

/** Milliseconds after which a reader that has nothing new is taken to have everything. */
const QUIET = 500;

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
    if (kind === "null") return new Sink(kind, "/dev/null");
    if (kind === "file") {
      await Deno.writeTextFile(path, "");
      return new Sink(kind, path);
    }
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const output = kind === "pipe" ? "/dev/null" : `${path}.kept`;
    const args = ["-c", 'exec cat "$0" >>"$1"', path, output];
    const sink = new Sink(kind, path, new Deno.Command("sh", { args }).spawn());
    if (sink.#keptAt !== undefined) await Deno.writeTextFile(output, "");
    return sink;
  }

  /** The command with its stdout led here. */
  lead(command: readonly string[]): [string, ...string[]] {
    return ["sh", "-c", 'exec "$@" >>"$0"', this.path, ...command];
  }

  /** Takes that many lines, or fewer if no more come; undefined where they are not kept. */
  async take(count: number): Promise<string[] | undefined> {
    const path = this.#keptAt;
    if (path === undefined) return undefined;
    let lines: string[] = [], since = performance.now();
    for (;;) {
      const now = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
      if (now.length > lines.length) since = performance.now();
      lines = now;
      if (lines.length >= count || performance.now() - since > QUIET) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Deno.truncate(path);
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
    if (this.kind === "kept pipe") await Deno.remove(this.#keptAt!);
  }

  get #keptAt(): string | undefined {
    if (this.kind === "file") return this.path;
    return this.kind === "kept pipe" ? `${this.path}.kept` : undefined;
  }
}
