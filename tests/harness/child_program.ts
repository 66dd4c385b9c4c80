import "../fixtures/import_program.ts";
import { DEADLINE_MS, eventually, within } from "./deadline.ts";
import { LineReader, type LineTest } from "./line_reader.ts";
import { packedProgram } from "./packed_program.ts";
import { importFlags, PROJECT, projectPath } from "./project.ts";

/** Variables that would change what the programs under test do. */
const OURS = ["ENV", "LOGDIAL_PORTS", "NO_COLOR", "FORCE_COLOR", "INIT_CWD"];

/** How a program is started. */
export interface ChildOptions {
  /** Arguments of the program. */
  readonly args?: readonly string[];
  /** Variables on top of the inherited ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** Permission flags of `deno run`. @default ["--allow-all"] */
  readonly allow?: readonly string[];
  /** Import map of its own instead of the project's. */
  readonly importMap?: string;
  /** A command that starts it, such as a shell that redirects its output. */
  readonly wrap?: readonly string[];
  /** Working folder. @default the project's */
  readonly cwd?: string | URL;
}

/** Arguments with which Deno runs a module, or the package's module where that is under test. */
export function denoRun(
  module: string | URL,
  { args = [], allow = ["--allow-all"], importMap }: ChildOptions,
): string[] {
  const packed = packedProgram();
  const path = module instanceof URL ? module.href : packed?.entries[module] ?? projectPath(module);
  const map = importMap === undefined ? importFlags() : [`--import-map=${importMap}`];
  const isImportable = packed === undefined ||
    allow.some((flag) => /^(-A|--allow-(all|import))/.test(flag));
  const imports = isImportable ? [] : [`--allow-import=${packed.host}`];
  return ["run", "--no-prompt", ...map, ...imports, ...allow, path, ...args];
}

/** A real process: its lines as they come, and its end. It is killed when disposed of. */
export class ChildProgram implements AsyncDisposable {
  readonly pid: number;
  readonly stdout: LineReader;
  readonly stderr: LineReader;
  /** Resolves with how the process ended, when all of its lines have been read. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #label: string;
  #status: Deno.CommandStatus | undefined;

  private constructor(process: Deno.ChildProcess, label: string) {
    this.#process = process;
    this.#label = label;
    this.pid = process.pid;
    this.stdout = new LineReader(process.stdout);
    this.stderr = new LineReader(process.stderr);
    this.#input = process.stdin.getWriter();
    this.ended = this.#untilEnded();
  }

  /** Starts a module of the project, named from the project's folder, or one by its URL. */
  static deno(module: string | URL, options: ChildOptions = {}): ChildProgram {
    const command = [Deno.execPath(), ...denoRun(module, options)];
    const [program, ...rest] = [...options.wrap ?? [], ...command];
    return ChildProgram.run(program!, rest, options);
  }

  /** Starts a program that is no module. */
  static run(program: string, args: readonly string[], options: ChildOptions = {}): ChildProgram {
    const inherited = Object.entries(Deno.env.toObject()).filter(([name]) => !OURS.includes(name));
    const process = new Deno.Command(program, {
      args: [...args],
      cwd: options.cwd ?? PROJECT,
      env: { ...Object.fromEntries(inherited), ...options.env },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new ChildProgram(process, [program, ...args].join(" "));
  }

  /** The first line on stdout that fits, of all there are or from line number `from` on. */
  async until(test: LineTest, from = 0): Promise<string> {
    return await this.#await(this.stdout.until(test, from), `a line on stdout: ${test}`);
  }

  /** The first line on stderr that fits. */
  async untilError(test: LineTest, from = 0): Promise<string> {
    return await this.#await(this.stderr.until(test, from), `a line on stderr: ${test}`);
  }

  /** Asks until the answer is not undefined, as long as the program runs. */
  async eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const wanted = () => `${what} from ${this.#describe()}`;
    return await eventually(wanted, () => {
      if (this.#status === undefined) return ask();
      throw new Error(`Exit status ${this.#status.code} instead of ${wanted()}`);
    });
  }

  /** Writes a line to its stdin. */
  async tell(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Sends a signal. */
  signal(name: Deno.Signal): void {
    this.#process.kill(name);
  }

  /** Waits for its end and gives its exit status. */
  async end(): Promise<Deno.CommandStatus> {
    return await within(this.ended, () => `the end of ${this.#describe()}`);
  }

  /** Waits for its end, which must be a good one, and gives all that it has printed. */
  async output(): Promise<string> {
    const { code } = await this.end();
    if (code !== 0) throw new Error(`Exit status ${code} of ${this.#describe()}`);
    return this.stdout.lines.join("\n");
  }

  /**
   * Open file descriptors, as their targets; without Unix sockets, of which the runtime
   * opens pairs for itself at times of its own.
   */
  descriptors(): string[] {
    const folder = `/proc/${this.pid}/fd`;
    const unix = Deno.readTextFileSync(`/proc/${this.pid}/net/unix`);
    const own = new Set(unix.split("\n").map((line) => line.trim().split(/\s+/)[6]));
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
      try {
        const target = Deno.readLinkSync(`${folder}/${name}`);
        return own.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "") ? [] : [target];
      } catch {
        return []; // Closed meanwhile.
      }
    });
  }

  /** How many workers it has, logdial's own threads included. */
  workers(): number {
    const folder = `/proc/${this.pid}/task`;
    return [...Deno.readDirSync(folder)].filter(({ name }) => {
      try {
        return Deno.readTextFileSync(`${folder}/${name}/comm`).startsWith("worker");
      } catch {
        return false; // Ended meanwhile.
      }
    }).length;
  }

  /** Resident memory in MiB. */
  residentMiB(): number {
    const status = Deno.readTextFileSync(`/proc/${this.pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024;
  }

  /** Seconds of processor time that it has used. */
  processorSeconds(): number {
    const stat = Deno.readTextFileSync(`/proc/${this.pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Kills the process if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#status === undefined) this.#process.kill("SIGKILL");
    await this.ended;
    await this.#input.close().catch(() => {}); // It did not read on.
  }

  async #untilEnded(): Promise<Deno.CommandStatus> {
    this.#status = await this.#process.status;
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    return this.#status;
  }

  async #await(line: Promise<string>, what: string): Promise<string> {
    const gone = this.ended.then(async ({ code }) => {
      // The line may have been the last one.
      const last = await Promise.race([line, Promise.resolve(undefined)]);
      if (last !== undefined) return last;
      throw new Error(`Exit status ${code} instead of ${what} from ${this.#describe()}`);
    });
    gone.catch(() => {});
    const wait = Promise.race([line, gone]);
    return await within(wait, () => `${what} from ${this.#describe()}`, DEADLINE_MS);
  }

  #describe(): string {
    const tail = (reader: LineReader) =>
      reader.lines.slice(-30).map((line) => `    ${line.slice(0, 300)}`).join("\n");
    return `${this.#label}\n  stdout:\n${tail(this.stdout)}\n  stderr:\n${tail(this.stderr)}`;
  }
}
