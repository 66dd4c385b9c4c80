import { checkOptions } from "../core/errors/check_options.ts";
import { type Claim, NewestChanges } from "./newest_changes.ts";
import {
  byPort,
  commandText,
  type Delivery,
  notAsked,
  request,
  takesConfigurationsOnly,
} from "./request.ts";
import { SENDER_RULES, type SenderOptions } from "./send_options.ts";
import { selectTargets, type Target, type Targets, threadsAimedAt } from "./targets.ts";

/**
 * Takes back the last changes.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {RangeError} `steps` is no whole number above 0.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { rollback } from "@logdial/logging/client";
 *
 * await rollback(1);
 * ```
 */
export async function rollback(
  steps: number = 1,
  options: SenderOptions = {},
): Promise<Delivery[]> {
  checkOptions("rollback", options, SENDER_RULES);
  const isCount = typeof steps === "number" && Number.isSafeInteger(steps) && steps > 0;
  if (!isCount) throw new RangeError("Cannot roll back: steps must be a whole number above 0");
  const { targets: found, skipped } = await selectTargets(options);
  const known = found.filter(({ status }) => status !== undefined);
  const others = found.filter(({ status }) => status === undefined)
    .map(({ port }): Delivery => ({ ...takesConfigurationsOnly(port), unable: true }));
  const done = await new Rollback(steps, known, options).run();
  return [...done, ...others, ...skipped.map(notAsked)].sort(byPort);
}

/** A rollback on its way to the listeners that are meant. */
class Rollback {
  readonly #steps: number;
  readonly #targets: readonly Target[];
  readonly #options: SenderOptions;
  readonly #newest: NewestChanges;
  /** The answers of each listener, by its port. */
  readonly #answers = new Map<number, readonly Delivery[]>();
  /** The ids that each listener was asked to take back, by its port. */
  readonly #asked = new Map<number, string>();

  constructor(steps: number, targets: readonly Target[], options: SenderOptions) {
    this.#steps = steps;
    this.#targets = targets;
    this.#options = options;
    this.#newest = new NewestChanges(steps, targets.flatMap((target) => claimsOf(target, options)));
  }

  /** Asks all listeners; first those on whose answers it depends what the others have to take back. */
  async run(): Promise<readonly Delivery[]> {
    if (this.#newest.isDisputed) await this.#doubtSilent();
    for (let due = this.#alone(); due.length > 0; due = this.#alone()) {
      await this.#round(due);
    }
    // The loop ends, since each round asks a listener for the last time, or drops a doubted one.
    for (let due = this.#due(); due.length > 0; due = this.#due()) await this.#round(due);
    return [...this.#answers].flatMap(([port, answers]) => {
      const note = this.#noteFor(port);
      return answers.map((one) =>
        one.outcome === "unchanged" && note !== "" ? { ...one, note } : one
      );
    });
  }

  /**
   * Asks all listeners at once for something that changes nothing, and doubts those that do not
   * answer. Otherwise each of them would be waited for in turn, for a change of which only it tells.
   */
  async #doubtSilent(): Promise<void> {
    await Promise.all(this.#targets.map(async (target) => {
      const text = commandText({ command: "history" }, target, this.#options);
      const answers = await request(target, text, this.#options);
      if (answers.length === 0 || !answers.every(isSilent)) return;
      this.#newest.doubt(target.port);
      this.#asked.set(target.port, "");
      const error = { message: "Not asked, since it does not answer" };
      this.#answers.set(target.port, answers.map((one) => ({ ...one, error })));
    }));
  }

  /**
   * Names the listeners that told of newer changes, for a listener that had nothing to take back
   * because of these: they may be foreign.
   */
  #noteFor(port: number): string {
    const ids = this.#newest.idsFor(port) ?? [];
    const tellers = this.#targets.filter((one) => this.#newest.tells(one.port, ids));
    if (tellers.length === 0 || tellers.some((one) => one.port === port)) return "";
    return `newer changes are told by port ${tellers.map((one) => one.port).join(", ")}`;
  }

  /** The listeners that are to take back a change of which no other listener tells. */
  #alone(): Target[] {
    // With one listener, no other answer depends on it.
    if (this.#targets.length === 1) return [];
    return this.#due().filter(({ port }) =>
      this.#newest.tellsAlone(port, this.#newest.idsFor(port) ?? [])
    );
  }

  /** The listeners that have not yet been asked for what they are to take back now. */
  #due(): Target[] {
    return this.#targets.filter(({ port }) => {
      const ids = this.#newest.idsFor(port);
      const asked = this.#asked.get(port);
      if (asked === undefined) return true;
      if (asked === (ids?.join() ?? "")) return false;
      // A listener that had nothing to take back is asked again: it may have got a change since, or
      // somebody else may have taken one back. All listeners have to go back equally far.
      return (ids !== undefined && this.#newest.tells(port, ids)) ||
        this.#answers.get(port)?.some(({ outcome }) => outcome === "unchanged") === true;
    });
  }

  async #round(due: readonly Target[]): Promise<void> {
    const id = crypto.randomUUID();
    await Promise.all(due.map(async (target) => {
      const { port } = target;
      const ids = this.#newest.idsFor(port);
      this.#asked.set(port, ids?.join() ?? "");
      const answers = await request(target, this.#payload(target, id, ids), this.#options);
      this.#answers.set(port, merged(this.#answers.get(port), answers));
      const isToTake = ids !== undefined && this.#newest.tells(port, ids);
      if (!isToTake || answers.some(hasTaken)) return;
      const believed = answers.filter(({ outcome }) => outcome === "unchanged");
      this.#newest.doubt(port, ids, believed.map(({ name }) => name));
    }));
  }

  #payload(target: Target, id: string, ids: readonly string[] | undefined): string {
    const steps = this.#steps;
    const { by, reason } = this.#options;
    const said = { label: `rollback ${steps}`, by, reason, id };
    return commandText({ command: "rollback", ...said, steps, ids }, target, this.#options);
  }
}

function claimsOf(target: Target, options: Targets): Claim[] {
  const { port } = target;
  return threadsAimedAt(target, options)
    .map(({ name, changes = [] }) => ({ port, name, changes }));
}

function hasTaken({ outcome }: Delivery): boolean {
  return outcome === "applied" || outcome === "pending";
}

function isSilent({ outcome }: Delivery): boolean {
  return outcome === "unconfirmed" || outcome === "skipped";
}

/**
 * Merges the answers of a thread that was asked twice: its last state, and what it took back both
 * times.
 */
function merged(
  before: readonly Delivery[] | undefined,
  now: readonly Delivery[],
): readonly Delivery[] {
  if (before === undefined) return now;
  return now.map((last) => {
    const first = before.find(({ port, name }) => port === last.port && name === last.name);
    if (first === undefined || !hasTaken(first)) return last;
    if (!hasTaken(last)) return first;
    const takenBack = [...last.takenBack ?? [], ...first.takenBack ?? []];
    return { ...last, previous: first.previous ?? last.previous, takenBack };
  });
}
