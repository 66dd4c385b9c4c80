/// <reference lib="dom" />
import { SmallDial } from "./dial.ts";
import { h, Keyed, mark, say } from "./dom.ts";
import { INHERITED, levelClass, levelText } from "./levels.ts";
import { type LoggerRow, type Model, rowOf, rowsOf } from "./model.ts";
import { COUNTED, type RateHistory, rateText } from "./rates.ts";

/** Most loggers that are shown; the filter finds the others. */
const MOST = 400;

interface Row {
  readonly dial: SmallDial;
  readonly name: HTMLButtonElement;
  readonly own: HTMLElement;
  readonly effective: HTMLElement;
  readonly rates: HTMLElement;
  readonly parts: readonly HTMLElement[];
  readonly out: HTMLElement;
}

/** The loggers of the chosen threads, and any that there may be. */
export class LoggerTable {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #rates: RateHistory;
  readonly #onChoose: (logger: string) => void;
  readonly #filter: HTMLInputElement;
  readonly #note = h("p", { class: "table-note" });
  readonly #rows = new WeakMap<HTMLTableRowElement, Row>();
  readonly #list: Keyed<LoggerRow, HTMLTableRowElement>;

  constructor(model: Model, rates: RateHistory, onChoose: (logger: string) => void) {
    this.#model = model;
    this.#rates = rates;
    this.#onChoose = onChoose;
    this.#filter = h("input", {
      type: "search",
      class: "filter",
      placeholder: "find a logger, or name a new one",
      "aria-label": "Find a logger, or name a new one",
      spellcheck: "false",
      autocomplete: "off",
      oninput: () => this.show(),
      onkeydown: (event) => this.#onKey(event as KeyboardEvent),
    });
    const body = h("tbody", { onkeydown: (event) => this.#onMove(event as KeyboardEvent) });
    const heads = ["Logger", "Own level", "Counts", "Records/s", "Comes out of"];
    this.element = h(
      "section",
      { class: "loggers", "aria-label": "Loggers" },
      h("div", { class: "section-head" }, h("h2", {}, "Loggers"), this.#filter),
      h(
        "div",
        { class: "table-box", tabindex: 0, role: "region", "aria-label": "Table of loggers" },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ...heads.map((head) => h("th", { scope: "col" }, head)),
            ),
          ),
          body,
        ),
      ),
      this.#note,
    );
    this.#list = new Keyed(
      body,
      (row) => this.#make(row),
      (element, row) => this.#update(element, row),
    );
  }

  /** Puts the cursor into the filter. */
  find(): void {
    this.#filter.focus();
    this.#filter.select();
  }

  /** Shows what there is. */
  show(): void {
    const { chosen, logger } = this.#model;
    const wanted = this.#filter.value.trim();
    const all = rowsOf(chosen);
    const fitting = all.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
    const rows = fitting.slice(0, MOST);
    const isNew = (name: string) => name !== "" && !all.some((one) => one.name === name);
    if (isNew(wanted)) rows.push(rowOf(wanted, chosen));
    if (isNew(logger) && logger !== wanted) rows.push(rowOf(logger, chosen));
    this.#list.show(rows.map((row) => [row.name, row]));
    const more = fitting.length - Math.min(fitting.length, MOST) +
      Math.max(0, ...chosen.map(({ more = 0 }) => more));
    say(this.#note, more > 0 ? `and ${more} more: find one by its name` : "");
  }

  #make({ name }: LoggerRow): HTMLTableRowElement {
    const dial = new SmallDial();
    const button = h("button", {
      type: "button",
      class: "logger",
      onclick: () => this.#onChoose(name),
    });
    button.append(dial.element, ...nameParts(name));
    const own = h("td", {}), effective = h("td", {}), out = h("td", { class: "out" });
    const parts = COUNTED.map((level) =>
      h("span", { class: levelClass(level), title: level.toLowerCase() })
    );
    const rates = h("td", { class: "mixture" }, ...parts);
    const element = h("tr", {}, h("th", { scope: "row" }, button), own, effective, rates, out);
    element.addEventListener("click", () => this.#onChoose(name));
    this.#rows.set(element, { dial, name: button, own, effective, rates, parts, out });
    return element;
  }

  #update(element: HTMLTableRowElement, logger: LoggerRow): void {
    const row = this.#rows.get(element)!;
    const { name, own, effective, out, silent, threads } = logger;
    const [level] = effective.size === 1 ? effective.keys() : [undefined];
    const isChosen = name === this.#model.logger;
    row.dial.show(level);
    mark(element, "class", isChosen ? "is-chosen" : undefined);
    mark(row.name, "aria-current", isChosen ? "true" : undefined);
    tell(row.own, own, "–");
    tell(row.effective, effective, "");
    const rates = this.#rates.ofLogger(name, this.#model.chosen);
    COUNTED.forEach((level, at) => {
      const rate = rates[level] ?? 0;
      say(row.parts[at]!, rate === 0 ? "" : rateText(rate));
    });
    const told = COUNTED.flatMap((level) =>
      level in rates ? `${rateText(rates[level]!)} ${level}` : []
    );
    mark(row.rates, "aria-label", told.length === 0 ? "nothing" : told.join(", "));
    const text = threads === 0
      ? name === "root" ? "" : "no thread has asked for it yet"
      : [...out, ...silent.length > 0 ? [`nothing: ${silent.join("; ")}`] : []].join(", ");
    say(row.out, text);
    mark(row.out, "title", text);
    row.out.classList.toggle("is-quiet", threads === 0 || silent.length > 0);
  }

  /** Enter chooses what has been typed, whether there is such a logger or not. */
  #onKey(event: KeyboardEvent): void {
    const name = this.#filter.value.trim();
    if (event.key === "Escape") {
      this.#filter.value = "";
      return this.show();
    }
    if (event.key !== "Enter" || name === "") return;
    const found = rowsOf(this.#model.chosen).map((row) => row.name);
    const fitting = found.filter((one) => one.toLowerCase().includes(name.toLowerCase()));
    // What is chosen is shown in any case.
    this.#filter.value = "";
    this.#onChoose(found.includes(name) || fitting.length !== 1 ? name : fitting[0]!);
  }

  #onMove(event: KeyboardEvent): void {
    const buttons = [...this.element.querySelectorAll<HTMLButtonElement>("button.logger")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || buttons[to] === undefined) return;
    event.preventDefault();
    buttons[to].focus();
  }
}

/** What is above a logger is told in a fainter colour. */
function nameParts(name: string): Node[] {
  const at = name.lastIndexOf(".") + 1;
  return [h("span", { class: "above" }, name.slice(0, at)), h("span", {}, name.slice(at))];
}

/** A level, or which ones how many threads have. */
function tell(cell: HTMLElement, levels: ReadonlyMap<string, number>, none: string): void {
  const [only] = levels.keys();
  const isOne = levels.size === 1 && only !== undefined;
  const name = (level: string) => level === INHERITED && none !== "" ? none : levelText(level);
  say(
    cell,
    isOne ? name(only) : [...levels].map(([level, count]) => `${name(level)} ×${count}`).join(" "),
  );
  mark(cell, "class", isOne && only !== INHERITED ? `level ${levelClass(only)}` : "level");
}
