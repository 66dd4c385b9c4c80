import { dump, type DumpOptions } from "../../src/client/dump.ts";
import type { DumpFailure, DumpRecord, DumpThread } from "../../src/client/dump_line.ts";
import { status } from "../../src/client/status.ts";
import type { ListenOptions } from "../../mod.ts";
import { ChildProgram } from "./child_program.ts";
import { PATIENT } from "./patient.ts";
import { PortBlock } from "./port_block.ts";

/** How `fixtures/recorder.ts` is started. */
export interface RecorderSettings {
  /** Options of `listen`. */
  readonly options: ListenOptions;
  /** Whether the main thread does not listen, so that a worker starts the hub. */
  readonly quietMain?: boolean;
  /** Whether main goes on after an error of a worker. */
  readonly handlesError?: boolean;
}

/** What a thread of `fixtures/recorder.ts` understands. */
export type RecorderOrder =
  /** Log so many numbered records at DEBUG. */
  | { readonly do: "log"; readonly count: number }
  /** Log one with a field. */
  | { readonly do: "field"; readonly value: string }
  | { readonly do: "exit"; readonly code: number }
  | {
    readonly do:
      | "error"
      | "hang"
      | "flood"
      | "throw"
      | "reject"
      | "close"
      | "terminate"
      | "await standby"
      | "listen to signals";
  };

/** A numbered record that tells whether it is whole: padding of its own length, and a checksum. */
export function kept(name: string, number: number): string {
  const text = `${name} ${number} ${"é".repeat(number % 97)}`;
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  return `${text} ${sum}`;
}

/** What a dump told. */
export interface Dumped {
  readonly threads: readonly DumpThread[];
  readonly records: readonly DumpRecord[];
  readonly failures: readonly DumpFailure[];
}

/** A program whose records are kept. */
export class RecorderProgram implements AsyncDisposable {
  readonly child: ChildProgram;
  /** Where its threads listen. */
  readonly ports: PortBlock;

  /** Starts it; all of its threads show nothing below WARNING. */
  constructor({ options = {}, ...more }: Partial<RecorderSettings> = {}, count = 8) {
    this.ports = PortBlock.claim(count);
    const settings = { options: { ports: this.ports.range, ...PATIENT, ...options }, ...more };
    const args = [JSON.stringify(settings)];
    this.child = ChildProgram.deno("tests/fixtures/recorder.ts", { args });
  }

  /** Starts workers; resolves when they listen. */
  async start(...names: string[]): Promise<void> {
    for (const name of names) await this.child.tell(JSON.stringify({ to: name }));
    await this.untilListening(...names);
  }

  /** Resolves when the threads listen. */
  async untilListening(...names: string[]): Promise<void> {
    await this.child.eventually("all threads", async () => {
      const known = new Set((await status({ ports: this.ports.range })).map(({ name }) => name));
      return names.every((name) => known.has(name)) || undefined;
    });
  }

  /** Gives a thread an order; resolves when it has said so. */
  async tell(to: string, order: RecorderOrder, said?: string): Promise<void> {
    const from = this.child.stderr.lines.length;
    await this.child.tell(JSON.stringify({ to, order }));
    if (said !== undefined) await this.child.untilError(said, from);
  }

  /** Has threads log; resolves when they have. */
  async log(count: number, ...names: string[]): Promise<void> {
    for (const name of names) await this.tell(name, { do: "log", count }, `${name} logged`);
  }

  /** What is kept. */
  async dump(options: DumpOptions = {}): Promise<Dumped> {
    const threads: DumpThread[] = [], records: DumpRecord[] = [], failures: DumpFailure[] = [];
    for await (const line of dump({ ports: this.ports.range, ...options })) {
      if ("message" in line) records.push(line as DumpRecord);
      else if ("failure" in line) failures.push(line as DumpFailure);
      else threads.push(line as DumpThread);
    }
    return { threads, records, failures };
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
    this.ports[Symbol.dispose]();
  }
}
