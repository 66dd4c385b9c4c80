/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import { request } from "./api.ts";
import { Dial } from "./dial.ts";
import { h, mark, say } from "./dom.ts";
import { INHERITED, levelText } from "./levels.ts";
import { effectiveLevel, type Model, rowOf, scopeText } from "./model.ts";
import { Outcome } from "./outcome.ts";

/** Times that are offered. */
const TIMES = ["1m", "10m", "1h"];

/** Turns the chosen logger of the chosen threads. */
export class TurnForm {
  readonly element: HTMLFormElement;
  readonly #model: Model;
  readonly #isReadOnly: () => boolean;
  readonly #dial: Dial;
  readonly #head = h("h2", { class: "turn-logger" });
  readonly #where = h("p", { class: "turn-scope" });
  readonly #levels = h("p", { class: "turn-levels" });
  readonly #inherit: HTMLButtonElement;
  readonly #submit = h("button", { type: "submit", class: "primary" });
  readonly #note = h("p", { class: "turn-note" });
  readonly #time = field("10m", "for how long");
  readonly #lines = field("", "lines at most", "no limit");
  readonly #fields = field("", "where", "user.id=42");
  readonly #match = field("", "message", "pool %d*");
  readonly #sample = field("", "sample", "1/100:requestId");
  readonly #reason = field("", "why", "for history and logs");
  readonly #outcome = new Outcome();
  #chosen: string | undefined;
  #isBusy = false;

  constructor(model: Model, isReadOnly: () => boolean) {
    this.#model = model;
    this.#isReadOnly = isReadOnly;
    this.#dial = new Dial((level) => this.#choose(level));
    this.#inherit = h("button", {
      type: "button",
      class: "inherit",
      onclick: () => this.#choose(INHERITED),
    }, "take it from above");
    const times = TIMES.map((time) =>
      h("button", { type: "button", class: "chip", onclick: () => this.#setTime(time) }, time)
    );
    times.push(
      h("button", { type: "button", class: "chip", onclick: () => this.#setTime("") }, "stays"),
    );
    this.element = h(
      "form",
      {
        class: "turn",
        "aria-label": "Turn a level",
        onsubmit: (event) => {
          event.preventDefault();
          void this.#send();
        },
        onkeydown: (event) => this.#onKey(event as KeyboardEvent),
      },
      h("div", { class: "turn-head" }, this.#head, this.#where),
      h("div", { class: "turn-dial" }, this.#dial.element, this.#levels, this.#inherit),
      h(
        "div",
        { class: "turn-fields" },
        h("div", { class: "row" }, this.#time.label, h("div", { class: "chips" }, ...times)),
        h("div", { class: "row" }, this.#lines.label, this.#reason.label),
        h(
          "details",
          {},
          h("summary", {}, "Only some log calls"),
          h("div", { class: "row" }, this.#fields.label, this.#match.label, this.#sample.label),
        ),
        h("div", { class: "turn-go" }, this.#submit, this.#note),
        this.#outcome.element,
      ),
    );
    for (const { input } of [this.#time, this.#lines, this.#fields, this.#match, this.#sample]) {
      input.addEventListener("input", () => this.show());
    }
  }

  /** Puts the focus on the dial. */
  focus(): void {
    this.#dial.element.focus();
  }

  /** Something else is chosen: what was not sent is forgotten. */
  forget(): void {
    this.#chosen = undefined;
    this.#outcome.clear();
  }

  /** Shows what there is. */
  show(): void {
    const { logger, scope, chosen } = this.#model;
    const { own, effective, threads } = rowOf(logger, chosen);
    const [level] = effective.size === 1 ? effective.keys() : [undefined];
    const [ownLevel] = own.size === 1 ? own.keys() : [undefined];
    const isFixed = this.#isReadOnly() || chosen.length === 0;
    const inherited = this.#chosen === INHERITED;
    const shown = inherited ? this.#above() ?? level : this.#chosen;
    say(this.#head, logger);
    say(
      this.#where,
      `in ${scopeText(scope, chosen)}${
        threads === 0 && logger !== "root" ? ", where there is none yet" : ""
      }`,
    );
    const text = shown ?? level;
    this.#dial.show({
      level,
      chosen: shown,
      isBusy: this.#isBusy,
      text: text === undefined ? "mixed" : levelText(text),
      isFixed,
    });
    mark(this.#dial.element, "aria-label", `Level of ${logger} in ${scopeText(scope, chosen)}`);
    say(this.#levels, this.#levelsText(own, effective));
    this.#inherit.hidden = logger === "root";
    this.#inherit.disabled = isFixed || ownLevel === INHERITED;
    mark(this.#inherit, "aria-pressed", String(inherited));
    const isNew = this.#chosen !== undefined;
    say(
      this.#submit,
      isNew ? `Turn ${logger} to ${inherited ? "what is above" : this.#chosen!}` : "Turn the dial",
    );
    this.#submit.disabled = isFixed || !isNew || this.#isBusy;
    say(
      this.#note,
      this.#isReadOnly() ? "This page was started with --read-only." : isNew ? this.#endText() : "",
    );
    this.#outcome.follow(this.#model.all);
  }

  #levelsText(own: ReadonlyMap<string, number>, effective: ReadonlyMap<string, number>): string {
    const list = (levels: ReadonlyMap<string, number>) =>
      [...levels].map(([level, count]) =>
        `${level === INHERITED ? "none" : levelText(level)}${levels.size > 1 ? ` ×${count}` : ""}`
      ).join(", ");
    return own.size === 0 ? "" : `own level ${list(own)} · counts ${list(effective)}`;
  }

  /** The level that counts above the logger, where threads agree. */
  #above(): string | undefined {
    const { logger, chosen } = this.#model;
    const parent = logger.includes(".") ? logger.slice(0, logger.lastIndexOf(".")) : "root";
    const levels = new Set(chosen.map(({ status }) => effectiveLevel(status!.levels, parent)));
    return levels.size === 1 ? [...levels][0] : undefined;
  }

  #endText(): string {
    const time = this.#time.input.value.trim(), lines = this.#lines.input.value.trim();
    const ends = [time === "" ? "" : `after ${time}`, lines === "" ? "" : `after ${lines} lines`]
      .filter((one) => one !== "");
    const narrowed = [this.#fields, this.#match, this.#sample].some(({ input }) =>
      input.value.trim() !== ""
    );
    return `${ends.length === 0 ? "Until it is taken back" : `Taken back ${ends.join(" or ")}`}${
      narrowed ? ", for some log calls only" : ""
    }.`;
  }

  #choose(level: string): void {
    if (this.#isReadOnly() || this.#isBusy) return;
    this.#chosen = level;
    this.#outcome.clear();
    this.show();
  }

  #setTime(time: string): void {
    this.#time.input.value = time;
    this.show();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.forget();
      this.show();
    } else if (event.key === "Enter" && event.target === this.#dial.element) {
      event.preventDefault();
      void this.#send();
    }
  }

  async #send(): Promise<void> {
    const { logger, scope, chosen } = this.#model;
    const level = this.#chosen;
    if (level === undefined || this.#isBusy || this.#isReadOnly()) return;
    this.#isBusy = true;
    this.#outcome.asking(`${logger} in ${scopeText(scope, chosen)}`);
    this.show();
    try {
      const { threads } = await request<{ threads: Delivery[] }>("set", {
        scope,
        levels: { [logger]: level },
        ...this.#options(),
      });
      const wanted = level === "OFF" ? "1000" : level;
      this.#chosen = undefined;
      this.#outcome.answered(
        threads,
        ({ status }) =>
          level === INHERITED ||
          Object.hasOwn(status!.levels, logger) && status!.levels[logger]!.includes(wanted),
      );
    } catch (error) {
      this.#outcome.failed(error);
    } finally {
      this.#isBusy = false;
      this.show();
    }
  }

  /** What is said beside the level; what is left empty is left out. */
  #options(): object {
    const value = ({ input }: Field) => input.value.trim() || undefined;
    const lines = value(this.#lines)?.replace(/[ ,_]/g, "");
    if (lines !== undefined && !/^[1-9]\d*$/.test(lines)) {
      throw new Error(`Cannot use "${lines}" lines: it must be a whole number above 0`);
    }
    const time = value(this.#time);
    return {
      for: time,
      // What "stays" would else end when listeners think it should.
      ...time === undefined && lines === undefined ? { forever: true } : {},
      reason: value(this.#reason),
      match: value(this.#match),
      sample: value(this.#sample),
      ...lines === undefined ? {} : { lines: Number(lines) },
      where: readFields(this.#fields),
    };
  }
}

/** A text that can be typed. */
export interface Field {
  readonly label: HTMLLabelElement;
  readonly input: HTMLInputElement;
}

/** The fields that are typed, by name; undefined if none are. */
export function readFields({ input }: Field): Record<string, string> | undefined {
  const typed = input.value.trim();
  if (typed === "") return undefined;
  return Object.fromEntries(
    typed.split(/\s*,\s*/).map((one) => {
      const at = one.indexOf("=");
      if (at < 1) throw new Error(`Cannot use where "${one}": it must be like user.id=42`);
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

/** Makes a field. */
export function field(value: string, label: string, placeholder = ""): Field {
  const input = h("input", {
    type: "text",
    value,
    placeholder,
    spellcheck: "false",
    autocomplete: "off",
  });
  return { label: h("label", {}, h("span", {}, label), input), input };
}
