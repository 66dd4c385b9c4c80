/** A configuration that the process was sent. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The configuration, INI or JSON. */
  readonly text: string;
  /** When it is taken back, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** Most changes that are kept, and most characters of them. */
const MAX_ENTRIES = 64, MAX_LENGTH = 1 << 22;

/**
 * What makes a thread that starts late equal to the others: the last full configuration
 * that the process was sent to stay, and the overrides and incremental changes since. Those
 * before are kept for as long as there is room, since they can be gone back to.
 */
export class History {
  #entries: HistoryEntry[] = [];
  /** Characters of all of them, or more: it is made exact only when it seems too many. */
  #length = 0;

  /** What is still in force, oldest first. */
  get entries(): readonly HistoryEntry[] {
    const now = Date.now();
    this.#entries = this.#entries.filter(({ expiresAt = Infinity }) => expiresAt > now);
    return this.#entries.slice(this.#base());
  }

  /** Adds what was sent now; the same text to several threads is one change. */
  add(text: string, at: number = Date.now(), expiresAt?: number): void {
    const last = this.#entries.at(-1);
    if (last?.text === text && (last.expiresAt === undefined) === (expiresAt === undefined)) {
      if (expiresAt === undefined || expiresAt <= last.expiresAt!) return;
      this.#entries.pop();
    }
    this.#entries.push({ at, text, expiresAt });
    this.#length += text.length;
    while (this.#isTooLarge()) this.#entries.splice(this.#base() > 0 ? 0 : 1, 1);
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
    this.#length = Infinity;
    return true;
  }

  /** Place of the last full configuration that was sent to stay. */
  #base(): number {
    const at = this.#entries.findLastIndex(({ expiresAt, text }) =>
      expiresAt === undefined && !isIncremental(text)
    );
    return Math.max(0, at);
  }

  #isTooLarge(): boolean {
    if (this.#entries.length > MAX_ENTRIES) return true;
    if (this.#length <= MAX_LENGTH) return false;
    this.#length = this.#entries.reduce((sum, { text }) => sum + text.length, 0);
    return this.#entries.length > 1 && this.#length > MAX_LENGTH;
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
