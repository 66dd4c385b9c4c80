/// <reference lib="dom" />
import type { Scope } from "../api/scope.ts";
import type { WebThread } from "../live/web_thread.ts";
import { SmallDial } from "./dial.ts";
import { h, Keyed, mark, say } from "./dom.ts";
import { levelClass, levelText } from "./levels.ts";
import { effectiveLevel, forcesOf, type Model, scopeOf } from "./model.ts";
import { type RateHistory, rateText, total } from "./rates.ts";

/** A line of the list. */
interface Entry {
  readonly kind: "all" | "program" | "thread" | "other";
  readonly name: string;
  readonly note: string;
  readonly scope: Scope | undefined;
  readonly threads: readonly WebThread[];
}

/** An element of the list, with its parts. */
interface Row {
  readonly button: HTMLButtonElement;
  readonly dial: SmallDial;
  readonly name: HTMLElement;
  readonly note: HTMLElement;
  readonly level: HTMLElement;
  readonly rate: HTMLElement;
  readonly badge: HTMLElement;
}

/** All that can be chosen: everything, a program, a thread. Up and down go through it. */
export class ScopeList {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #rates: RateHistory;
  readonly #onChoose: (scope: Scope) => void;
  readonly #rows = new WeakMap<HTMLLIElement, Row>();
  readonly #list: Keyed<Entry, HTMLLIElement>;
  readonly #empty = h(
    "p",
    { class: "empty" },
    "Nobody listens. Start a program that does, and it is shown here within a second.",
  );

  constructor(model: Model, rates: RateHistory, onChoose: (scope: Scope) => void) {
    this.#model = model;
    this.#rates = rates;
    this.#onChoose = onChoose;
    const list = h("ul", {
      class: "scopes",
      onkeydown: (event) => this.#onKey(event as KeyboardEvent),
    });
    this.element = h("nav", { class: "side", "aria-label": "Threads" }, list, this.#empty);
    this.#list = new Keyed(
      list,
      () => this.#make(),
      (element, entry) => this.#update(element, entry),
    );
  }

  /** Shows what there is. */
  show(): void {
    const model = this.#model;
    const entries: [string, Entry][] = [];
    const { threads, programs } = model;
    if (threads.length > 0) {
      const count = threads.length === 1 ? "1 thread" : `${threads.length} threads`;
      entries.push(["all", {
        kind: "all",
        name: "Everything",
        note: count,
        scope: { kind: "all" },
        threads,
      }]);
    }
    for (const { key, name, scope, threads, processes } of programs) {
      const note = processes === 1 ? `pid ${threads[0]!.status!.pid}` : `${processes} processes`;
      entries.push([key, { kind: "program", name, note, scope, threads }]);
      for (const thread of threads) {
        const { status, port, follows } = thread;
        const note = follows ? `(${port})` : String(port);
        const scope = scopeOf(thread);
        entries.push([thread.key, {
          kind: "thread",
          name: status!.name,
          note,
          scope,
          threads: [thread],
        }]);
      }
    }
    for (const { key, port, kind, reason } of model.all.filter(({ kind }) => kind !== "logdial")) {
      const name = kind === "silent"
        ? "closes without a word, as CPython's"
        : kind === "busy"
        ? reason!
        : `no logging server: ${reason}`;
      entries.push([`other ${key}`, {
        kind: "other",
        name,
        note: String(port),
        scope: undefined,
        threads: [],
      }]);
    }
    this.#list.show(entries);
    this.#empty.hidden = entries.length > 0 || !model.isTold;
  }

  #make(): HTMLLIElement {
    const dial = new SmallDial();
    const name = h("span", { class: "scope-name" }), note = h("span", { class: "scope-note" });
    const level = h("span", { class: "scope-level" }), rate = h("span", { class: "scope-rate" });
    const badge = h("span", { class: "badge" }, h("span", { class: "unseen" }));
    const button = h(
      "button",
      { type: "button", class: "scope" },
      dial.element,
      name,
      badge,
      rate,
      level,
      note,
    );
    const element = h("li", {}, button);
    this.#rows.set(element, { button, dial, name, note, level, rate, badge });
    return element;
  }

  #update(element: HTMLLIElement, entry: Entry): void {
    const row = this.#rows.get(element)!;
    const { kind, name, note, scope, threads } = entry;
    const levels = new Set(threads.map(({ status }) => effectiveLevel(status!.levels, "root")));
    const [level] = levels.size === 1 ? levels : [undefined];
    const { button } = row;
    mark(button, "class", `scope is-${kind}`);
    mark(
      button,
      "aria-current",
      scope !== undefined && this.#model.isChosen(scope, threads) ? "true" : undefined,
    );
    button.disabled = scope === undefined;
    button.onclick = () => scope !== undefined && this.#onChoose(scope);
    say(row.name, name);
    mark(row.name, "title", name);
    say(row.note, note);
    row.dial.show(level);
    say(row.level, kind === "other" ? "" : level === undefined ? "mixed" : levelText(level));
    mark(row.level, "class", `scope-level ${level === undefined ? "" : levelClass(level)}`);
    const rate = total(this.#rates.now(threads));
    say(row.rate, rate === 0 ? "" : `${rateText(rate)}/s`);
    const forces = forcesOf(threads).length,
      computes = threads.filter((one) => one.computes).length;
    // A dot, so that there is room for the name; what it means is told where it is pointed at.
    const isBusy = computes > 0 && kind === "thread";
    const badge = isBusy ? "computes" : forces > 0 ? "turned" : undefined;
    mark(
      row.badge,
      "class",
      `badge${badge === undefined ? " is-none" : ""}${isBusy ? " is-busy" : ""}`,
    );
    mark(row.badge, "title", badge);
    say(row.badge.firstElementChild!, badge ?? "");
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = [...this.element.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || buttons[to] === undefined) return;
    event.preventDefault();
    buttons[to].focus();
  }
}
