import type { KnownChange } from "../wire/message.ts";

/** Most changes of one listener that count: a listener of ours keeps no more. */
const MAX_CHANGES = 64;

/** What a listener says of the changes that can be taken back there. */
export interface Claim {
  /** Where it listens. */
  readonly port: number;
  /** The changes that it tells. */
  readonly changes: readonly Pick<KnownChange, "id" | "at">[];
}

/**
 * Finds the last changes of all listeners, so that all processes take back the same ones. Any
 * listener can claim that there is a newer change, and the others would then have nothing to take
 * back. So a change counts only as long as the listener that tells of it takes it back when asked to.
 * A listener that does not is `doubted`, and the others are asked again without its changes.
 */
export class NewestChanges {
  readonly #steps: number;
  #claims: readonly Claim[];

  /** Looks for the last `steps` changes. */
  constructor(steps: number, claims: readonly Claim[]) {
    this.#steps = steps;
    this.#claims = claims.map(({ port, changes }) => ({
      port,
      changes: changes.slice(-MAX_CHANGES),
    }));
  }

  /** Whether the listeners tell of different changes. */
  get isDisputed(): boolean {
    const [first, ...others] = this.#claims.map(({ changes }) => {
      return changes.map(({ id }) => id).sort().join();
    });
    return others.some((ids) => ids !== first);
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

  /** Forgets what a listener has told. */
  doubt(port: number): void {
    this.#claims = this.#claims.filter((claim) => claim.port !== port);
  }
}
