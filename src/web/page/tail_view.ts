/// <reference lib="dom" />
import type { TailLine } from "../../client/tail_line.ts";
import { stream } from "./api.ts";
import { h, say } from "./dom.ts";
import { type Model, scopeText } from "./model.ts";
import { noteLine, recordLine } from "./records.ts";
import type { View } from "./threads_view.ts";
import { field } from "./turn_form.ts";

/** Most records that are kept on the page. */
const MOST = 1000;

/** Records as they come, below the threads' own level. */
export class TailView implements View {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #level = levelChoice();
  readonly #logger = field("", "logger", "all");
  readonly #grep = field("", "message has", "any text");
  readonly #go = h("button", { type: "submit", class: "primary" });
  readonly #state = h("p", { class: "quiet", role: "status" });
  readonly #lines = h("div", {
    class: "records",
    tabindex: 0,
    role: "region",
    "aria-label": "Records",
    onscroll: () => this.#scrolled(),
  });
  /** How far down it is; at the end, it follows. */
  #top = 0;
  #isAtEnd = true;
  #controller: AbortController | undefined;
  /** What is followed, as it was asked for. */
  #followed = "";
  /** Whether somebody was not followed, or not to the end. */
  #hasFailure = false;
  #count = 0;
  #lost = 0;

  constructor(model: Model) {
    this.#model = model;
    const clear = h("button", { type: "button", onclick: () => this.#clear() }, "Clear");
    this.element = h(
      "div",
      { class: "view stream" },
      h(
        "form",
        {
          class: "bar",
          "aria-label": "Follow records",
          onsubmit: (event) => {
            event.preventDefault();
            if (this.#controller === undefined) void this.#follow();
            else this.#controller.abort();
          },
        },
        h("label", {}, h("span", {}, "from level"), this.#level),
        this.#logger.label,
        this.#grep.label,
        this.#go,
        clear,
        this.#state,
      ),
      this.#lines,
    );
    // What is followed is what stands there.
    for (const one of [this.#level, this.#logger.input, this.#grep.input]) {
      one.addEventListener("change", () => this.#followAgain());
      // Enter is for what has been typed, and ends nothing.
      one.addEventListener("keydown", (event) => {
        if ((event as KeyboardEvent).key !== "Enter" || this.#controller === undefined) return;
        event.preventDefault();
        this.#followAgain();
      });
    }
    this.show();
  }

  show(): void {
    const { scope, chosen } = this.#model;
    const isOn = this.#controller !== undefined;
    say(this.#go, isOn ? "Stop" : `Follow ${scopeText(scope, chosen)}`);
    this.#go.disabled = !isOn && chosen.length === 0;
    const lost = this.#lost > 0 ? `, ${this.#lost} lost since they came too fast` : "";
    say(this.#state, this.#count === 0 && !isOn ? "" : `${this.#count} records${lost}`);
  }

  /** Scrolls to where the list was: while it is not on the page, it loses its place. */
  onOpen(): void {
    this.#lines.scrollTop = this.#isAtEnd ? this.#lines.scrollHeight : this.#top;
  }

  /** Follows the threads that are chosen now in the place of those before. */
  onChoose(): void {
    const isOn = this.#controller !== undefined;
    this.#controller?.abort();
    this.#controller = undefined;
    if (isOn) void this.#follow();
    this.show();
  }

  /** Follows what is wanted now, if that is something else. */
  #followAgain(): void {
    if (JSON.stringify(this.#wanted()) !== this.#followed) this.onChoose();
  }

  #wanted(): object {
    const { scope } = this.#model;
    return { scope, level: this.#level.value, logger: this.#logger.input.value.trim() };
  }

  find(): void {
    this.#logger.input.focus();
  }

  #clear(): void {
    this.#lines.replaceChildren();
    this.#count = this.#lost = 0;
    this.show();
  }

  async #follow(): Promise<void> {
    const controller = this.#controller = new AbortController();
    const { scope, chosen } = this.#model;
    const about = scopeText(scope, chosen);
    this.show();
    try {
      const asked = this.#wanted();
      this.#followed = JSON.stringify(asked);
      this.#hasFailure = false;
      await stream("tail", asked, (lines) => this.#take(lines as TailLine[]), controller.signal);
      const end = this.#hasFailure ? "nobody is followed any more" : "they have ended";
      this.#add([noteLine(`${about}: ${end}`)]);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!controller.signal.aborted) this.#add([noteLine(text)]);
    } finally {
      if (this.#controller === controller) this.#controller = undefined;
      this.show();
    }
  }

  #take(lines: readonly TailLine[]): void {
    const wanted = this.#grep.input.value.toLowerCase();
    const shown = lines.flatMap((line) => {
      if ("message" in line) {
        if (!line.message.toLowerCase().includes(wanted)) return [];
        this.#count++;
        return [recordLine(line)];
      }
      if ("failure" in line) {
        this.#hasFailure ||= !line.isAgain;
        return [
          noteLine(line.isAgain ? `port ${line.port} again: ${line.failure}` : line.failure),
        ];
      }
      this.#lost += line.dropped;
      return [
        noteLine(`${line.dropped} records of port ${line.port} were lost: they came too fast`),
      ];
    });
    this.#add(shown);
    this.show();
  }

  #scrolled(): void {
    const box = this.#lines;
    if (!box.isConnected) return;
    this.#top = box.scrollTop;
    this.#isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  }

  /** Adds lines; the list stays where it is for those who have scrolled up to read. */
  #add(lines: readonly HTMLElement[]): void {
    const box = this.#lines;
    this.#scrolled();
    box.append(...lines.slice(-MOST));
    while (box.childElementCount > MOST) box.firstElementChild!.remove();
    if (this.#isAtEnd) box.scrollTop = box.scrollHeight;
  }
}

/** A choice of the lowest level to see. */
export function levelChoice(): HTMLSelectElement {
  const levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
  return h("select", {}, ...levels.map((level) => h("option", { value: level }, level)));
}
