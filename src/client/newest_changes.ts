import type { KnownChange } from "../wire/message.ts";

/** Most changes of one thread that count: a thread of ours keeps no more. */
const MAX_CHANGES = 64;

/** What a listener says of the changes that can be taken back in a thread. */
export interface Claim {
  /** Where it listens. */
  readonly port: number;
  /** The thread, which is its own or follows that. */
  readonly name?: string;
  /** The changes that it tells. */
  readonly changes: readonly Pick<KnownChange, "id" | "at">[];
}

/**
 * Finds the last changes of all listeners, so that all processes take back the same ones. Any
 * listener can claim that there is a newer change, and the others would then have nothing to take
 * back. So a change counts only as long as the listener that tells of it takes it back when asked
 * to. A listener that does not is doubted (`doubt`), and the others are asked again without its
 * changes; but threads of it that have answered, and tell none of these, are believed: others of
 * them may have refused, as they have another key.
 */
export class NewestChanges {
  readonly #steps: number;
  #claims: readonly Claim[];

  /** Looks for the last `steps` changes. */
  constructor(steps: number, claims: readonly Claim[]) {
    this.#steps = steps;
    this.#claims = claims.map(({ changes, ...who }) => ({
      ...who,
      changes: changes.slice(-MAX_CHANGES),
    }));
  }

  /** Whether the listeners tell of different changes. */
  get isDisputed(): boolean {
    const told = new Map<number, Set<string>>();
    for (const { port, changes } of this.#claims) {
      const ids = told.get(port) ?? new Set();
      for (const { id } of changes) ids.add(id);
      told.set(port, ids);
    }
    return new Set([...told.values()].map((ids) => [...ids].sort().join())).size > 1;
  }

  /**
   * The ids that a listener is to take back; undefined if there are not so many changes, which each
   * listener then says itself. For the order of a listener's own changes its own times count, so
   * that no other listener can change it.
   */
  idsFor(port: number): string[] | undefined {
    const times = new Map<string, string>();
    const own = this.#claims.filter((claim) => claim.port === port);
    for (const { changes } of [...own, ...this.#claims]) {
      for (const { id, at } of changes) if (!times.has(id)) times.set(id, at);
    }
    const ids = [...times].sort(([, a], [, b]) => Date.parse(a) - Date.parse(b)).map(([id]) => id);
    return ids.length < this.#steps ? undefined : ids.slice(-this.#steps);
  }

  /** Whether a listener tells one of the changes. */
  tells(port: number, ids: readonly string[]): boolean {
    return this.#claims.some((claim) =>
      claim.port === port && claim.changes.some(({ id }) => ids.includes(id))
    );
  }

  /** Whether a listener tells one of the changes, and nobody else does. */
  tellsAlone(port: number, ids: readonly string[]): boolean {
    return ids.some((id) =>
      this.tells(port, [id]) &&
      this.#claims.every((claim) => claim.port === port || !this.tells(claim.port, [id]))
    );
  }

  /** Forgets what a listener has told, but of the threads `believed` that tell none of `ids`. */
  doubt(port: number, ids: readonly string[] = [], believed: readonly unknown[] = []): void {
    this.#claims = this.#claims.filter((claim) =>
      claim.port !== port ||
      believed.includes(claim.name) && !claim.changes.some(({ id }) => ids.includes(id))
    );
  }
}
