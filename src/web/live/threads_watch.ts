import { scanDefaults } from "../../client/ports/scan.ts";
import type { Targets } from "../../client/targets.ts";
import { PortWatch } from "./port_watch.ts";
import type { LiveEvent } from "./web_thread.ts";

/** How often a page hears that nothing is new, in milliseconds, so that it knows the server is there. */
const QUIET_MS = 5000;

/**
 * Watches the ports for all open pages: each port is asked once, however many pages there are, and not
 * at all while there are none.
 */
export class ThreadsWatch {
  readonly #targets: Targets;
  readonly #pages = new Set<LivePage>();
  #ports: ReadonlyMap<number, PortWatch> = new Map();

  /** Looks at the ports of the targets. */
  constructor(targets: Targets) {
    this.#targets = targets;
  }

  /** How many pages are open. */
  get pages(): number {
    return this.#pages.size;
  }

  /** How many ports are asked again and again. */
  get asked(): number {
    return this.#ports.size;
  }

  /** Adds a page. */
  open(): LivePage {
    const page = new LivePage(
      (due) => this.#describe(due),
      () => this.#close(page),
    );
    if (this.#pages.size === 0) this.#start();
    this.#pages.add(page);
    for (const port of this.#ports.keys()) {
      page.tell("threads", port);
      page.tell("rates", port);
    }
    return page;
  }

  /** Asks all ports at once, since something has been changed. */
  poke(): void {
    for (const watch of this.#ports.values()) watch.poke();
  }

  /** Ends all pages; resolves when nothing is asked any more. */
  async stop(): Promise<void> {
    const watches = [...this.#ports.values()];
    for (const page of [...this.#pages]) page.close();
    await Promise.all(watches.map((one) => one.stop()));
  }

  #start(): void {
    this.#ports = new Map(
      scanDefaults(this.#targets).ports.map((port) => [
        port,
        new PortWatch(port, this.#targets, (what) => {
          for (const page of this.#pages) page.tell(what, port);
        }),
      ]),
    );
  }

  #close(page: LivePage): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    for (const watch of this.#ports.values()) void watch.stop();
    this.#ports = new Map();
  }

  #describe({ threads, rates }: Due): LiveEvent {
    return {
      ports: [...threads].map((port) => ({
        port,
        threads: this.#ports.get(port)?.threads ?? [],
      })),
      rates: [...rates].flatMap((port) => this.#ports.get(port)?.rates ?? []),
      at: Date.now(),
    };
  }
}

/** The ports of which a page has to be told something. */
type Due = Readonly<Record<"threads" | "rates", Set<number>>>;

/**
 * Remembers which ports a page has not been told of yet, but not what was there: so a page that reads
 * slowly takes no memory, and gets the newest state when it reads.
 */
export class LivePage {
  readonly #describe: (due: Due) => LiveEvent;
  readonly #onClose: () => void;
  #due = nothingDue();
  #isClosed = false;
  #wake = () => {};

  /** `describe` makes the event for some ports. */
  constructor(describe: (due: Due) => LiveEvent, onClose: () => void) {
    this.#describe = describe;
    this.#onClose = onClose;
  }

  /** Notes that the threads or the rates on a port have changed. */
  tell(what: keyof Due, port: number): void {
    this.#due[what].add(port);
    this.#wake();
  }

  /** The next event, which may say that nothing is new; undefined once the page is closed. */
  async next(): Promise<LiveEvent | undefined> {
    if (this.#due.threads.size + this.#due.rates.size === 0 && !this.#isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, QUIET_MS);
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
    if (this.#isClosed) return undefined;
    const due = this.#due;
    this.#due = nothingDue();
    return this.#describe(due);
  }

  /** Closes it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#wake();
  }
}

function nothingDue(): Due {
  return { threads: new Set(), rates: new Set() };
}
