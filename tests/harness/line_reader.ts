/** What a line must be, colours aside: contain the text, match the pattern, or fulfil the condition. */
export type LineTest = string | RegExp | ((line: string) => boolean);

/** Collects a stream's lines as they come, and tells who waits for one. */
export class LineReader {
  /** All lines so far, whole ones only. */
  readonly lines: string[] = [];
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  #rest = "";
  readonly #listeners = new Set<() => void>();

  /** Starts reading. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#readAll(stream);
  }

  /** The first line that fits, of all there are or from number `from` on. */
  async until(test: LineTest, from = 0): Promise<string> {
    let at = from;
    return await new Promise<string>((resolve) => {
      const look = () => {
        for (; at < this.lines.length; at++) {
          const line = this.lines[at]!;
          if (!fits(line, test)) continue;
          this.#listeners.delete(look);
          resolve(line);
          return;
        }
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** The lines that fit. */
  matching(test: LineTest): string[] {
    return this.lines.filter((line) => fits(line, test));
  }

  async #readAll(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#take(decoder.decode(chunk, { stream: true }));
    if (this.#rest !== "") this.#take("\n");
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split("\n");
    this.#rest = parts.pop()!;
    this.lines.push(...parts);
    for (const look of [...this.#listeners]) look();
  }
}

/** A line without its colours. */
export function plain(line: string): string {
  // deno-lint-ignore no-control-regex
  return line.replace(/\x1b\[[\d;]*m/g, "");
}

function fits(colored: string, test: LineTest): boolean {
  const line = plain(colored);
  if (typeof test === "string") return line.includes(test);
  return test instanceof RegExp ? test.test(line) : test(line);
}
