/// <reference lib="dom" />
import { RateChart } from "./chart.ts";
import { h } from "./dom.ts";
import { Forces } from "./forces.ts";
import { LoggerTable } from "./logger_table.ts";
import type { Model } from "./model.ts";
import type { RateHistory } from "./rates.ts";
import { TurnForm } from "./turn_form.ts";

/** A view of the page. */
export interface View {
  readonly element: HTMLElement;
  /** Shows what there is; called whenever that may be something else. */
  show(): void;
  /** It is in view again, after another one was. */
  onOpen?(): void;
  /** Something else is chosen. */
  onChoose(): void;
  /** Puts the focus where one begins to type. */
  find(): void;
}

/** The dial, what is in force, rates and loggers. */
export class ThreadsView implements View {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #rates: RateHistory;
  readonly #form: TurnForm;
  readonly #forces: Forces;
  readonly #chart = new RateChart();
  readonly #table: LoggerTable;

  constructor(model: Model, rates: RateHistory, isReadOnly: () => boolean) {
    this.#model = model;
    this.#rates = rates;
    this.#form = new TurnForm(model, isReadOnly);
    this.#forces = new Forces(model, isReadOnly);
    this.#table = new LoggerTable(model, rates, (logger) => this.#choose(logger));
    this.element = h(
      "div",
      { class: "view threads" },
      this.#form.element,
      h("div", { class: "aside" }, this.#chart.element, this.#forces.element, this.#table.element),
    );
  }

  show(): void {
    const { chosen } = this.#model;
    this.#chart.show(this.#rates.past(chosen), this.#rates.now(chosen));
    this.#form.show();
    this.#forces.show();
    this.#table.show();
  }

  onChoose(): void {
    this.#form.forget();
    this.#forces.forget();
    this.show();
  }

  find(): void {
    this.#table.find();
  }

  #choose(logger: string): void {
    if (this.#model.logger === logger) return this.#form.focus();
    this.#model.logger = logger;
    this.#form.forget();
    this.show();
    this.#form.focus();
  }
}
