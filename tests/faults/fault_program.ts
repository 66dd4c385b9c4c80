import { ChildProgram } from "../harness/child_program.ts";
import { linesOf, REDIRECT } from "../harness/redirect.ts";
import type { ChangesTask } from "./changes_task.ts";
import { type FaultTask, type HandlerKind, MAIN, written } from "./fault_task.ts";
import { bareConf } from "./handler_kinds.ts";

/** Lines that are logged before the fault. */
export const LINES = 10_000;

/** What a test wants. */
export interface FaultOptions extends Partial<Omit<FaultTask & ChangesTask, "conf">> {
  readonly handler: HandlerKind;
  /** Class of the `file` handler. @default "FileHandler" */
  readonly file?: string;
  /** Path of the `file` handler. @default app.log in a folder of its own */
  readonly path?: string;
  /** The configuration, given the path of the `file` handler. @default {@linkcode bareConf} */
  readonly makeConf?: (path: string) => string;
  /** Which program. @default "faults_program" */
  readonly fixture?: string;
  /**
   * Where stdout goes instead of to the test.
   *
   * @default the path for a "ring to a file"
   */
  readonly stdout?: string;
  /** Permission flags of `deno run`, and what else it is told. @default ["--allow-all"] */
  readonly allow?: readonly string[];
  /** What starts the program with its stdout at that path; the default waits for a reader. */
  readonly wrap?: readonly string[];
}

/** A program that logs numbered lines and meets a fault. */
export class FaultProgram implements AsyncDisposable {
  readonly child: ChildProgram;
  /** A folder of its own. */
  readonly folder: string = Deno.makeTempDirSync({ prefix: "logdial_faults_" });
  /** Where the `file` handler writes. */
  readonly path: string;
  /** Where lines go if not to the test. */
  readonly #out: string | undefined;

  constructor(options: FaultOptions) {
    const {
      handler,
      file,
      stdout,
      wrap = REDIRECT,
      path,
      makeConf,
      fixture = "faults_program",
      allow,
      ...rest
    } = options;
    this.path = path ?? `${this.folder}/app.log`;
    this.#out = handler === "file" || (handler === "ring to a file" && stdout === undefined)
      ? this.path
      : stdout;
    const conf = makeConf?.(this.path) ?? bareConf(handler, this.path, file);
    const task: FaultTask & Partial<ChangesTask> = {
      conf,
      main: "normally",
      listens: true,
      lines: LINES,
      ...rest,
    };
    this.child = ChildProgram.deno(`tests/fixtures/${fixture}.ts`, {
      args: [JSON.stringify(task)],
      allow,
      wrap: handler === "file" || this.#out === undefined ? [] : [...wrap, this.#out],
    });
  }

  /** Waits until all log calls of a thread have returned, whatever has become of the lines. */
  async untilWritten(name: string = MAIN, count = LINES): Promise<void> {
    await this.child.untilError(written(name, count));
  }

  /** Has a program that follows orders log more; resolves when all of it is out, or lost. */
  async logMore(count: number, total: number): Promise<void> {
    await this.child.tell(`log ${count}`);
    await this.untilWritten(MAIN, total);
    await this.flush();
  }

  /** Has a program that follows orders write out what it holds. */
  async flush(): Promise<void> {
    const from = this.child.stderr.lines.length;
    await this.child.tell("flush");
    await this.child.untilError("all is flushed", from);
  }

  /** Has a program that follows orders exit, which must go well. */
  async exit(): Promise<void> {
    await this.child.tell("exit");
    await this.child.output();
  }

  /** The lines that have come out; complete once it has ended. */
  get lines(): readonly string[] {
    return this.#out === undefined ? this.child.stdout.lines : linesOf(this.#out);
  }

  /** Kills it, and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}
