/** A configuration that the process was sent. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The configuration, INI or JSON. */
  readonly text: string;
  /** When it is taken back, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** Most changes that are kept on top of the last full one. */
const MAX_ENTRIES = 64;

/**
 * What makes a thread that starts late equal to the others: the last full configuration
 * that the process was sent to stay, and the overrides and incremental changes since.
 */
export class History {
  #entries: HistoryEntry[] = [];

  /** What is still in force, oldest first. */
  get entries(): readonly HistoryEntry[] {
    const now = Date.now();
    return this.#entries = this.#entries.filter(({ expiresAt = Infinity }) => expiresAt > now);
  }

  /** Adds what was sent now; the same text to several threads is one change. */
  add(text: string, at: number = Date.now(), expiresAt?: number): void {
    const last = this.#entries.at(-1);
    if (last?.text === text && (last.expiresAt === undefined) === (expiresAt === undefined)) return;
    if (expiresAt === undefined && !isIncremental(text)) this.#entries = [];
    this.#entries.push({ at, text, expiresAt });
    if (this.#entries.length > MAX_ENTRIES) this.#entries.splice(1, 1);
  }

  /** Forgets the last changes, or all. */
  forget(steps = Infinity): void {
    this.#entries = this.#entries.slice(0, Math.max(0, this.#entries.length - steps));
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
