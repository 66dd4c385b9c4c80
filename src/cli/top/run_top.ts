import { EXIT } from "../answers/exit_status.ts";
import { needWidths, printError } from "../printing/print.ts";
import type { Aim } from "./aims.ts";
import { HeldKey } from "./held_key.ts";
import { type Key, KeyReader } from "./keys.ts";
import { emptyModel, type TopModel, type TopSetup } from "./model.ts";
import { Performer } from "./perform.ts";
import { type Change, press } from "./press.ts";
import { render } from "./render.ts";
import { TailWatch } from "./tail_watch.ts";
import { isHungUp, Terminal, TerminalGone } from "./terminal.ts";
import { ThreadWatch } from "./thread_watch.ts";

/** How often is looked again, in milliseconds. */
const AGAIN_MS = 1000;
/** Shortest time between two drawings: nobody sees more, and records may come fast. */
const FRAME_MS = 33;
/**
 * After so long, in milliseconds, an Escape is the key itself and not the beginning of another one.
 */
const ESCAPE_MS = 50;

/** Signals that end the screen, each with its exit status. */
const ENDS: readonly (readonly [signal: Deno.Signal, exit: number])[] = [
  ["SIGINT", EXIT.ok],
  ["SIGTERM", 128 + 15],
  ["SIGHUP", 128 + 1],
  ["SIGQUIT", 128 + 3],
];

/** Shows the screen on the terminal until somebody quits; resolves to the exit status. */
export async function runTop(setup: TopSetup): Promise<number> {
  const model = emptyModel(setup);
  const performer = new Performer(model);
  const exit = await showTop(model, performer);
  if (exit !== EXIT.ok || performer.count === 0) return exit;
  printError("logdial: a change was still on its way: logdial history tells what became of it");
  return EXIT.unconfirmed;
}

async function showTop(model: TopModel, performer: Performer): Promise<number> {
  // Nothing is declared by `using`: Node.js, which is told that this needs Deno, cannot read that.
  let terminal: Terminal | undefined, top: Top | undefined;
  try {
    terminal = new Terminal();
    top = new Top(model, terminal, performer);
    return await top.run();
  } catch (error) {
    // Nobody is there who could read why.
    if (error instanceof TerminalGone) return EXIT.rejected;
    throw error;
  } finally {
    top?.[Symbol.dispose]();
    terminal?.[Symbol.dispose]();
  }
}

/** The screen while it is shown. */
class Top implements Disposable {
  readonly #model: TopModel;
  readonly #terminal: Terminal;
  readonly #performer: Performer;
  readonly #wake = () => this.#woken.resolve();
  readonly #threads: ThreadWatch;
  readonly #tail: TailWatch;
  readonly #keys: Key[] = [];
  readonly #held = new HeldKey();
  readonly #listeners: readonly (readonly [signal: Deno.Signal, handler: () => void])[];
  #woken = Promise.withResolvers<void>();
  #failure: { readonly error: unknown } | undefined;
  #exit: number | undefined;

  constructor(model: TopModel, terminal: Terminal, performer: Performer) {
    this.#model = model;
    this.#terminal = terminal;
    this.#performer = performer;
    this.#threads = new ThreadWatch(model, this.#wake);
    this.#tail = new TailWatch(model, this.#wake);
    this.#listeners = [
      ...ENDS.map(([signal, exit]) => [signal, () => this.#end(exit)] as const),
      ["SIGWINCH", () => this.#redraw(() => terminal.forget())],
      ["SIGCONT", () => this.#redraw(() => terminal.take())],
    ];
    for (const [signal, handler] of this.#listeners) Deno.addSignalListener(signal, handler);
  }

  /** Draws whenever there is something new, until somebody quits. */
  async run(): Promise<number> {
    this.#start(this.#readKeys());
    let looked = -Infinity;
    while (this.#exit === undefined) {
      const now = performance.now();
      if (now - looked >= AGAIN_MS) {
        looked = now;
        this.#start(this.#threads.look());
      }
      this.#takeKeys();
      if (this.#exit !== undefined) break;
      await this.#draw();
      await this.#untilWoken(looked + AGAIN_MS);
      if (this.#failure !== undefined) throw this.#failure.error;
    }
    return this.#exit;
  }

  /** Hears no signals any more, and follows nothing. */
  [Symbol.dispose](): void {
    for (const [signal, handler] of this.#listeners) Deno.removeSignalListener(signal, handler);
    this.#tail.end();
  }

  async #draw(): Promise<void> {
    const { size } = this.#terminal, now = Date.now();
    const rows = render(this.#model, size, now);
    const odd = rows.flat().filter(({ isPlain }) => !isPlain).map(({ text }) => text);
    const isOther = odd.length > 0 && await needWidths(odd);
    this.#terminal.draw(isOther ? render(this.#model, size, now) : rows);
  }

  /** Waits for something new, or until it is time to look again. */
  async #untilWoken(next: number): Promise<void> {
    const timer = setTimeout(this.#wake, Math.max(0, next - performance.now()));
    await this.#woken.promise;
    clearTimeout(timer);
    // What comes at the same time is drawn together.
    await new Promise<void>((resolve) => setTimeout(resolve, FRAME_MS));
    this.#woken = Promise.withResolvers();
  }

  /** Lets a task run beside the screen; if the task fails, the screen ends with its error. */
  #start(task: Promise<void>): void {
    task.catch((error: unknown) => {
      this.#failure ??= { error };
      this.#wake();
    });
  }

  #end(exit: number): void {
    this.#exit ??= exit;
    this.#wake();
  }

  #redraw(prepare: () => void): void {
    try {
      prepare();
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#wake();
  }

  async #readKeys(): Promise<void> {
    const reader = new KeyReader();
    const bytes = new Uint8Array(4096);
    let timer: ReturnType<typeof setTimeout> | undefined;
    for (;;) {
      const count = await readSome(bytes);
      clearTimeout(timer);
      if (count === null) throw new TerminalGone();
      this.#keys.push(...reader.push(bytes.subarray(0, count)));
      if (reader.isOpen) {
        timer = setTimeout(() => {
          this.#keys.push(...reader.flush());
          this.#wake();
        }, ESCAPE_MS);
      }
      this.#wake();
    }
  }

  #takeKeys(): void {
    for (const key of this.#keys.splice(0)) {
      const isHeld = this.#held.isHeld(key), effect = press(this.#model, key);
      switch (effect?.kind) {
        case "quit":
          return this.#end(EXIT.ok);
        case "redraw":
          this.#terminal.forget();
          break;
        case "look":
          this.#start(this.#threads.lookAtLoggers());
          break;
        case "change":
          if (!isHeld) this.#start(this.#change(effect.change, effect.aims));
          break;
        case "tail":
          this.#start(this.#tail.follow(effect.title, effect.logger, effect.aims));
          break;
        case "tail ends":
          this.#tail.end();
          break;
      }
    }
  }

  /** Carries out a change; what it has brought about is seen at once. */
  async #change(change: Change, aims: readonly Aim[]): Promise<void> {
    await this.#performer.perform(change, aims);
    this.#wake();
    await this.#threads.look();
  }
}

async function readSome(into: Uint8Array): Promise<number | null> {
  try {
    return await Deno.stdin.read(into);
  } catch (error) {
    if (isHungUp(error)) return null;
    throw error;
  }
}
