/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import { fill, h } from "./dom.ts";
import { levelText } from "./levels.ts";
import type { WebThread } from "../live/web_thread.ts";

/** Shows the outcome of a request. It says that something is done only when all threads have it. */
export class Outcome {
  readonly element: HTMLElement = h("div", {
    class: "outcome",
    role: "status",
    "aria-live": "polite",
  });
  /** Threads that have not come to it, by where they are. */
  #pending = new Map<string, Delivery>();
  #isDone: (thread: WebThread) => boolean = () => false;

  /** Says that threads are asked. */
  asking(text: string): void {
    this.#pending.clear();
    this.#say("is-asking", text);
  }

  /** Says why it could not be asked for. */
  failed(error: unknown): void {
    this.#pending.clear();
    this.#say("is-bad", error instanceof Error ? error.message : String(error));
  }

  /** Shows nothing any more. */
  clear(): void {
    this.#pending.clear();
    fill(this.element);
  }

  /** Shows what threads have answered; `isDone` tells of one that had not, when it has it. */
  answered(deliveries: readonly Delivery[], isDone: (thread: WebThread) => boolean): void {
    const meant = deliveries.filter(({ kind, unable }) => kind !== "foreign" || unable === true);
    this.#isDone = isDone;
    this.#pending = new Map(
      meant.filter(({ outcome }) => outcome === "pending").map((one) => [keyOf(one), one]),
    );
    this.#show(meant);
  }

  /** Looks whether threads have come to it by now. */
  follow(threads: readonly WebThread[]): void {
    if (this.#pending.size === 0) return;
    const done = threads.filter((thread) =>
      this.#pending.has(placeOf(thread)) && this.#isDone(thread)
    );
    if (done.length === 0) return;
    for (const thread of done) this.#pending.delete(placeOf(thread));
    if (this.#pending.size > 0) return;
    const names = done.map(({ status }) => status!.name).join(", ");
    this.#say("is-good", `applied by now, by ${names} too`);
  }

  #show(meant: readonly Delivery[]): void {
    const applied = meant.filter(({ outcome }) => outcome === "applied").length;
    const same = meant.filter(({ outcome }) => outcome === "unchanged").length;
    const others = meant.length - applied - same;
    const all = meant.length === 1 ? "1 thread" : `${meant.length} threads`;
    if (meant.length === 0) return this.#say("is-bad", "nobody listens whom it means");
    const head = others === 0
      ? applied === 0
        ? `nothing to do in ${all}`
        : `applied in ${all}${same ? `, ${same} of them unchanged` : ""}`
      : `applied in ${applied} of ${all}`;
    const isBad = meant.some(({ outcome }) => outcome === "rejected" || outcome === "skipped");
    this.#say(others === 0 ? "is-good" : isBad ? "is-bad" : "is-waiting", head);
    const list = h("ul", { class: "outcome-list" });
    for (const one of group(meant)) list.append(h("li", {}, one));
    if (list.childElementCount > 0) this.element.append(list);
  }

  #say(state: string, text: string): void {
    this.element.setAttribute("class", `outcome ${state}`);
    fill(this.element, h("p", {}, text));
  }
}

/** What there is to say beside that it is applied, what is the same once. */
function group(deliveries: readonly Delivery[]): string[] {
  const told = new Map<string, string[]>();
  for (const one of deliveries) {
    for (const text of notesOf(one)) {
      told.set(text, [...told.get(text) ?? [], one.name ?? `port ${one.port}`]);
    }
  }
  return [...told].map(([text, names]) => {
    const shown = names.length > 3 ? `${names.length} threads` : names.join(", ");
    return `${shown}: ${text}`;
  });
}

function notesOf(delivery: Delivery): string[] {
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
  else if (outcome === "pending") {
    notes.push("pending: it computes, and has it from its next log call on");
  } else if (outcome === "unconfirmed") notes.push("taken without an answer");
  if (note !== undefined) notes.push(note);
  for (const { logger, reason } of silent) notes.push(`${logger} shows nothing: ${reason}`);
  for (const { logger, from, handlers } of opened) {
    notes.push(`${logger} shows ${levelText(from)} and above through ${handlers.join(", ")}`);
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

function keyOf({ port, via, name }: Delivery): string {
  return `${via ?? port} ${name}`;
}

function placeOf({ port, status }: WebThread): string {
  return `${port} ${status?.name}`;
}
