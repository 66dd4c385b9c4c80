/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import { request } from "./api.ts";
import { h, Keyed, mark, s, say } from "./dom.ts";
import { type Force, forcesOf, type Model, scopeText } from "./model.ts";
import { Outcome } from "./outcome.ts";

/** Length of the ring around a countdown. */
const RING = 2 * Math.PI * 9;

interface Row {
  readonly ring: SVGCircleElement;
  readonly time: HTMLElement;
  readonly what: HTMLElement;
  readonly who: HTMLElement;
  readonly budget: HTMLElement;
  readonly bar: HTMLElement;
}

/** What has been turned in the chosen threads, and how it is taken back. */
export class Forces {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #isReadOnly: () => boolean;
  readonly #rows = new WeakMap<HTMLLIElement, Row>();
  readonly #list: Keyed<Force, HTMLLIElement>;
  readonly #none = h("p", { class: "quiet" });
  readonly #undo: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #sure: HTMLElement;
  readonly #scope = h("b", {});
  readonly #taken = h("span", {});
  readonly #yes: HTMLButtonElement;
  readonly #outcome = new Outcome();

  constructor(model: Model, isReadOnly: () => boolean) {
    this.#model = model;
    this.#isReadOnly = isReadOnly;
    const list = h("ul", { class: "forces" });
    this.#list = new Keyed(
      list,
      () => this.#make(),
      (element, force) => this.#update(element, force),
    );
    this.#undo = h("button", {
      type: "button",
      "data-once": true,
      onclick: () => this.#send("rollback", { steps: 1 }),
    }, "Take back the last change");
    this.#reset = h("button", { type: "button", onclick: () => this.#ask() }, "Reset …");
    this.#sure = h("div", {
      class: "sure",
      hidden: true,
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key === "Escape") this.#close();
      },
    });
    this.#yes = h("button", {
      type: "button",
      "data-once": true,
      class: "primary",
      onclick: () => this.#send("reset", {}),
    }, "Reset");
    this.#sure.append(
      h(
        "p",
        {},
        this.#scope,
        " to the levels and handlers that their programs had set up before the first change. ",
        this.#taken,
      ),
      this.#yes,
      h("button", { type: "button", onclick: () => this.#close() }, "Leave it"),
    );
    this.element = h(
      "section",
      { class: "in-force", "aria-label": "In force" },
      h("div", { class: "section-head" }, h("h2", {}, "In force"), this.#undo, this.#reset),
      list,
      this.#none,
      this.#sure,
      this.#outcome.element,
    );
  }

  /** Forgets open questions about threads that are not chosen any more. */
  forget(): void {
    this.#sure.hidden = true;
    this.#outcome.clear();
  }

  /** Shows what there is, and how long it lasts. */
  show(): void {
    const { chosen } = this.#model;
    const forces = forcesOf(chosen);
    this.#list.show(forces.map((force) => [force.key, force]));
    const last = chosen.map(({ status }) => status!.changed)
      .filter((one) => one !== null).sort((a, b) => a.at < b.at ? 1 : -1)[0];
    const said = chosen.length === 0
      ? ""
      : last === undefined
      ? "Nobody has changed anything: the levels are as the programs have set them up."
      : forces.some(({ override }) => override.id === last.id)
      ? ""
      : `Last change at ${clock(last.at)}: ${last.label ?? "a change"} by ${last.user ?? last.by}` +
        (last.reason ? `, because “${last.reason}”` : "");
    say(this.#none, said);
    const isFixed = this.#isReadOnly() || chosen.length === 0;
    this.#undo.disabled = isFixed;
    this.#reset.disabled = isFixed;
    this.#yes.disabled = isFixed;
    if (!this.#sure.hidden) this.#tellReset();
    this.#outcome.follow(this.#model.all);
  }

  #make(): HTMLLIElement {
    const ring = s("circle", { class: "ring", r: 9, "stroke-dasharray": RING });
    const time = h("b", { class: "time" }), what = h("span", { class: "what" });
    const who = h("span", { class: "who" }), budget = h("span", { class: "budget" });
    const bar = h("i", {});
    const element = h(
      "li",
      {},
      s(
        "svg",
        { class: "countdown", viewBox: "-12 -12 24 24", "aria-hidden": "true" },
        s("circle", { class: "ring-track", r: 9 }),
        ring,
      ),
      time,
      what,
      h("span", { class: "budget-box" }, budget, h("span", { class: "budget-bar" }, bar)),
      who,
    );
    this.#rows.set(element, { ring, time, what, who, budget, bar });
    return element;
  }

  #update(element: HTMLLIElement, { override, threads, linesLeft, maxLines }: Force): void {
    const row = this.#rows.get(element)!;
    const { at, until, label, user, by, reason } = override;
    const begin = Date.parse(at), end = Date.parse(until);
    const left = Math.max(0, end - this.#model.now);
    const share = end > begin ? Math.min(1, left / (end - begin)) : 0;
    mark(row.ring, "stroke-dashoffset", (RING * (1 - share)).toFixed(2));
    say(row.time, left === 0 ? "ending" : durationText(left));
    say(
      row.what,
      `${label ?? "a change"}${threads.length > 1 ? ` · ${threads.length} threads` : ""}`,
    );
    say(row.who, `${user ?? by} at ${clock(at)}${reason ? ` — ${reason}` : ""}`);
    const hasBudget = linesLeft !== undefined && maxLines !== undefined;
    say(
      row.budget,
      hasBudget
        ? `${linesLeft.toLocaleString("en")} of ${maxLines.toLocaleString("en")} lines left`
        : "",
    );
    row.bar.parentElement!.hidden = !hasBudget;
    if (hasBudget) row.bar.style.width = `${100 * linesLeft / maxLines}%`;
  }

  /** Asks before a reset. */
  #ask(): void {
    this.#tellReset();
    this.#sure.hidden = false;
    this.#yes.focus();
  }

  /** Tells what a reset would change, which others may do as well while it is asked. */
  #tellReset(): void {
    const { scope, chosen } = this.#model;
    const changes = new Map(
      chosen.flatMap(({ status }) => status!.changes ?? []).map((one) => [one.id, one]),
    );
    const taken = [...changes.values()].map(({ at, by }) => `${clock(at)} ${by}`);
    const what = taken.length === 0
      ? "There is nothing that could be taken back."
      : `It takes back ${taken.length === 1 ? "1 change" : `${taken.length} changes`}: ${
        taken.slice(-4).join("; ")
      }${taken.length > 4 ? "; …" : ""}`;
    say(this.#scope, `Reset ${scopeText(scope, chosen)}`);
    say(this.#taken, what);
  }

  #close(): void {
    this.#sure.hidden = true;
    this.#reset.focus();
  }

  async #send(name: "reset" | "rollback", more: object): Promise<void> {
    const { scope, chosen } = this.#model;
    if (!this.#sure.hidden) this.#close();
    this.#outcome.asking(scopeText(scope, chosen));
    try {
      const { threads } = await request<{ threads: Delivery[] }>(name, { scope, ...more });
      this.#outcome.answered(threads);
    } catch (error) {
      this.#outcome.failed(error);
    }
  }
}

/** The time of day of an ISO time. */
export function clock(iso: string): string {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  return `${isToday ? "" : `${time.toLocaleDateString("sv")} `}${time.toLocaleTimeString("sv")}`;
}

/** A duration to be seen running down. */
function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
