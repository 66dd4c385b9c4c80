import { unicodeWidth } from "@std/cli/unicode-width";
import { type ChildOptions, ChildProgram, denoRun } from "./child_program.ts";
import { eventually } from "./deadline.ts";
import { projectPath } from "./project.ts";
import { TerminalScreen } from "./terminal_screen.ts";

/** How a program in a terminal has ended. */
export interface TerminalEnd {
  /** Its exit status; below 0 for the signal that ended it. */
  readonly end: number;
  /** Whether the terminal is as it was before. */
  readonly restored: boolean;
}

/** A module of the project in a terminal of its own; `python3` makes it. */
export class TerminalProgram implements AsyncDisposable {
  /** What the terminal shows. */
  readonly screen: TerminalScreen;
  readonly #child: ChildProgram;
  #read = 0;
  #end: TerminalEnd | undefined;
  #isOver = false;
  /** How many bytes it has written. */
  bytes = 0;

  /** Starts it. */
  constructor(
    python: string,
    [columns, rows]: readonly [columns: number, rows: number],
    module: string,
    { args, allow = [], env }: ChildOptions = {},
  ) {
    this.screen = new TerminalScreen(columns, rows, unicodeWidth);
    this.#child = ChildProgram.run(python, [
      projectPath("tests/harness/terminal.py"),
      String(columns),
      String(rows),
      Deno.execPath(),
      ...denoRun(module, { args, allow }),
    ], env === undefined ? {} : { env });
    void this.#child.ended.then(() => this.#isOver = true);
  }

  /** Waits until the screen fits; gives it as a text. */
  async until(what: string, test: (text: string) => boolean): Promise<string> {
    const describe = () => `${what} on this screen:\n${this.screen.text}\n${this.errors}`;
    return await eventually(describe, () => {
      this.#take();
      if (test(this.screen.text)) return this.screen.text;
      if (this.#isOver) throw new Error(`It has ended instead of ${describe()}`);
      return undefined;
    });
  }

  /** Presses keys. */
  async press(keys: string): Promise<void> {
    await this.#tell({ keys });
  }

  /** Gives the terminal another size. */
  async resize(columns: number, rows: number): Promise<void> {
    this.#take();
    this.screen.resize(columns, rows);
    await this.#tell({ size: [columns, rows] });
  }

  /** Sends the program a signal. */
  async signal(signal: string): Promise<void> {
    await this.#tell({ signal });
  }

  /** Takes the terminal away. */
  async hangUp(): Promise<void> {
    await this.#tell({ "hang up": true });
  }

  /** What it has written on stderr, which is no terminal. */
  get errors(): string {
    return this.#child.stderr.lines.join("\n");
  }

  /** Waits for its end. */
  async end(): Promise<TerminalEnd> {
    await this.#child.end();
    this.#take();
    return this.#end!;
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  async #tell(order: object): Promise<void> {
    await this.#child.tell(JSON.stringify(order));
  }

  #take(): void {
    const { lines } = this.#child.stdout;
    for (; this.#read < lines.length; this.#read++) {
      const line = JSON.parse(lines[this.#read]!) as { readonly bytes?: string } | TerminalEnd;
      if ("end" in line) this.#end = line;
      else if ("bytes" in line) {
        const bytes = Uint8Array.fromBase64(line.bytes!);
        this.bytes += bytes.length;
        this.screen.write(this.#decoder.decode(bytes, { stream: true }));
      }
    }
  }

  readonly #decoder = new TextDecoder();
}
