/** A configuration that the process was sent. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The configuration, INI or JSON. */
  readonly text: string;
}

/** Most incremental changes that are kept on top of the last full one. */
const MAX_ENTRIES = 64;

/**
 * What makes a thread that starts late equal to the others: the last full configuration
 * that the process was sent, and the incremental ones since.
 */
export class History {
  #entries: HistoryEntry[] = [];

  /** The configurations, oldest first. */
  get texts(): string[] {
    return this.#entries.map(({ text }) => text);
  }

  /** The configurations with their times. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** Adds what was sent now; the same text to several threads is one change. */
  add(text: string, at = Date.now()): void {
    if (!isIncremental(text)) this.#entries = [];
    if (this.#entries.at(-1)?.text === text) return;
    this.#entries.push({ at, text });
    if (this.#entries.length > MAX_ENTRIES) this.#entries.splice(1, 1);
  }

  /** Takes over what someone else kept if it is newer; returns whether it was. */
  adopt(entries: readonly HistoryEntry[]): boolean {
    const newest = entries.at(-1)?.at ?? 0;
    if (newest <= (this.#entries.at(-1)?.at ?? 0)) return false;
    this.#entries = [...entries];
    return true;
  }
}

function isIncremental(text: string): boolean {
  if (!text.includes('"incremental"')) return false;
  try {
    return Boolean((JSON.parse(text) as { incremental?: unknown } | null)?.incremental);
  } catch {
    return false;
  }
}
