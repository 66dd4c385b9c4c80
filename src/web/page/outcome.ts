/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import { fill, h } from "./dom.ts";
import { levelText } from "./levels.ts";
import type { WebThread } from "../live/web_thread.ts";

/** What has become of a change that was pending. */
type Later = "done" | "otherwise" | "ended";

/** Shows the outcome of a request. It says that something is done only when all threads have it. */
export class Outcome {
  readonly element: HTMLElement = h("div", {
    class: "outcome",
    role: "status",
    "aria-live": "polite",
  });
  /** What has been asked for, in words, until it is answered. */
  #asked: string | undefined;
  /** What stands before the answer: what it is about, if that is not chosen any more. */
  #about = "";
  #meant: readonly Delivery[] = [];
  /** Threads that have not come to it, by where they are. */
  #pending = new Map<string, Delivery>();
  /** What has become of those that had not. */
  readonly #later = new Map<Delivery, Later>();
  #hasIt: (thread: WebThread) => boolean = () => true;

  /** Says what is asked for. */
  asking(what: string): void {
    this.#forget();
    this.#asked = what;
    this.#say("is-asking", `asking ${what} …`);
  }

  /** Says why it could not be asked for. */
  failed(error: unknown): void {
    this.#asked = undefined;
    this.#say("is-bad", error instanceof Error ? error.message : String(error));
  }

  /** Shows nothing any more; an answer that is still to come will say what it is about. */
  clear(): void {
    if (this.#asked !== undefined) {
      this.#about = `${this.#asked}: `;
      return;
    }
    this.#forget();
    fill(this.element);
  }

  /**
   * Shows what threads have answered; `hasIt` tells of one that had not, and has come to it since,
   * whether it has it then, where that shows.
   */
  answered(
    deliveries: readonly Delivery[],
    hasIt: (thread: WebThread) => boolean = () => true,
  ): void {
    this.#asked = undefined;
    this.#meant = deliveries.filter(({ kind, unable }) => kind !== "foreign" || unable === true);
    this.#hasIt = hasIt;
    this.#pending = new Map(
      this.#meant.filter(({ outcome }) => outcome === "pending").map((one) => [keyOf(one), one]),
    );
    this.#show();
  }

  /** Looks among all that answers whether threads have come to it by now, or have ended. */
  follow(all: readonly WebThread[]): void {
    for (const [key, delivery] of this.#pending) {
      const thread = all.find((one) => placeOf(one) === key);
      // What answers in another way, as one that is stopped, may still be there.
      const isUnknown = all.some(({ port, kind }) =>
        port === (delivery.via ?? delivery.port) && kind !== "logdial"
      );
      if (thread === undefined ? isUnknown : !hasComeTo(delivery, thread)) continue;
      const later = thread === undefined ? "ended" : this.#hasIt(thread) ? "done" : "otherwise";
      this.#later.set(delivery, later);
      this.#pending.delete(key);
      this.#show();
    }
  }

  #forget(): void {
    this.#about = "";
    this.#meant = [];
    this.#pending.clear();
    this.#later.clear();
  }

  #show(): void {
    const meant = this.#meant;
    const late = meant.filter((one) => this.#later.get(one) === "done");
    const applied = meant.filter(({ outcome }) => outcome === "applied").length + late.length;
    const same = meant.filter(({ outcome }) => outcome === "unchanged").length;
    const others = meant.length - applied - same;
    const all = meant.length === 1 ? "1 thread" : `${meant.length} threads`;
    if (meant.length === 0) return this.#say("is-bad", "nobody listens whom it means");
    const head = others === 0
      ? applied === 0
        ? `nothing to do in ${all}`
        : late.length > 0
        ? `applied by now, by ${late.map(({ name }) => name).join(", ")} too`
        : `applied in ${all}${same ? `, ${same} of them unchanged` : ""}`
      : `applied in ${applied} of ${all}`;
    const isBad = meant.some((one) =>
      one.outcome === "rejected" || one.outcome === "skipped" ||
      (this.#later.get(one) ?? "done") !== "done"
    );
    this.#say(others === 0 ? "is-good" : isBad ? "is-bad" : "is-waiting", head);
    const list = h("ul", { class: "outcome-list" });
    for (const one of group(meant, this.#later)) list.append(h("li", {}, one));
    if (list.childElementCount > 0) this.element.append(list);
  }

  #say(state: string, text: string): void {
    this.element.setAttribute("class", `outcome ${state}`);
    fill(this.element, h("p", {}, this.#about, text));
  }
}

/** What there is to say beside that it is applied, what is the same once. */
function group(
  deliveries: readonly Delivery[],
  later: ReadonlyMap<Delivery, Later>,
): string[] {
  const told = new Map<string, string[]>();
  for (const one of deliveries) {
    for (const text of notesOf(one, later.get(one))) {
      told.set(text, [...told.get(text) ?? [], one.name ?? `port ${one.port}`]);
    }
  }
  return [...told].map(([text, names]) => {
    const shown = names.length > 3 ? `${names.length} threads` : names.join(", ");
    return `${shown}: ${text}`;
  });
}

/** For which log calls something is; empty for all. */
function forText(whom: string | undefined): string {
  return whom === undefined ? "" : ` for ${whom}`;
}

function notesOf(delivery: Delivery, later: Later | undefined): string[] {
  const { outcome, error, note, cappedAt, opened = [], silent = [], unknown = [], takenBack = [] } =
    delivery;
  const notes = [];
  if (cappedAt !== undefined && outcome !== "rejected") {
    const minutes = Math.round(cappedAt / 6000) / 10;
    notes.push(
      `ends after ${minutes} min: listeners cap what turns levels below INFO (maxOverride), ` +
        "“stays” goes beyond",
    );
  }
  if (error !== undefined) notes.push(error.message);
  else if (later === "ended") notes.push("it has ended, and did not say that it has it");
  else if (later === "otherwise") {
    notes.push("it has come to it, and is turned otherwise now, as its history tells");
  } else if (outcome === "pending" && later === undefined) {
    notes.push("pending: it computes, and has it from its next log call on");
  } else if (outcome === "unconfirmed") notes.push("taken without an answer");
  if (note !== undefined) notes.push(note);
  for (const { logger, reason, for: whom } of silent) {
    notes.push(`${logger} shows nothing${forText(whom)}: ${reason}`);
  }
  for (const { logger, from, handlers, for: whom } of opened) {
    const what = `${levelText(from)} and above${forText(whom)}`;
    notes.push(`${logger} shows ${what} through ${handlers.join(", ")}`);
  }
  for (const { logger, similar } of unknown) {
    const hint = similar === undefined ? "" : `; did you mean ${similar}?`;
    notes.push(`nobody has asked for a logger ${logger} yet${hint}`);
  }
  for (const one of takenBack) {
    notes.push(`took back ${one.label ?? "a change"} by ${one.user ?? one.by}`);
  }
  return notes;
}

/**
 * Whether a thread has come to what was pending when it was answered. What it is known to be may be
 * older than the answer, when nothing waited yet: it has answered no more than it had then.
 */
function hasComeTo({ generation = 0 }: Delivery, { status }: WebThread): boolean {
  return status!.pending === 0 && status!.generation > generation;
}

function keyOf({ port, via, name }: Delivery): string {
  return `${via ?? port} ${name}`;
}

function placeOf({ port, status }: WebThread): string {
  return `${port} ${status?.name}`;
}
