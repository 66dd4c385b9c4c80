/// <reference lib="dom" />
import type { Rates } from "../live/web_thread.ts";
import { h, mark, s, say } from "./dom.ts";
import { levelClass } from "./levels.ts";
import { COUNTED, rateText, SHOWN, total } from "./rates.ts";

const WIDTH = 600, HEIGHT = 120;

/** Records a second by level, one upon the other, as time goes on. */
export class RateChart {
  readonly element: HTMLElement;
  readonly #areas = COUNTED.map((level) => s("path", { class: `area ${levelClass(level)}` }));
  readonly #most = h("span", { class: "chart-most" });
  readonly #numbers = COUNTED.map((level) => h("b", { class: levelClass(level) }, "0"));

  constructor() {
    const picture = s(
      "svg",
      {
        class: "chart",
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      ...[1, 2, 3].map((at) =>
        s("line", { class: "chart-line", x2: WIDTH, y1: at * HEIGHT / 4, y2: at * HEIGHT / 4 })
      ),
      ...this.#areas,
    );
    this.element = h(
      "section",
      { class: "rates", "aria-label": "Records a second" },
      h(
        "div",
        { class: "rate-numbers" },
        ...COUNTED.map((level, at) =>
          h("div", { class: "rate-number" }, this.#numbers[at], h("span", {}, level.toLowerCase()))
        ),
        h("span", { class: "unit" }, "records/s"),
      ),
      h("div", { class: "chart-box" }, picture, this.#most),
    );
  }

  /** Shows what was written. */
  show(past: readonly Rates[], now: Rates): void {
    const most = nice(Math.max(1, ...past.map(total)));
    say(this.#most, `${rateText(most)}/s`);
    const base = past.map(() => 0);
    COUNTED.forEach((level, at) => {
      const rate = now[level] ?? 0;
      say(this.#numbers[at]!, rateText(rate));
      this.#numbers[at]!.classList.toggle("is-none", rate === 0);
      mark(this.#areas[at]!, "d", area(past.map((one) => one[level] ?? 0), base, most));
    });
  }
}

/** The area of one level, which stands upon those before it. */
function area(values: readonly number[], base: number[], most: number): string | undefined {
  if (values.length < 2 || values.every((value) => value === 0)) return undefined;
  const step = WIDTH / (SHOWN - 1), start = WIDTH - (values.length - 1) * step;
  const place = (at: number) =>
    `${(start + at * step).toFixed(1)} ${(HEIGHT - base[at]! / most * (HEIGHT - 4)).toFixed(1)}`;
  const below = base.map((_, at) => place(at));
  values.forEach((value, at) => base[at]! += value);
  const above = base.map((_, at) => place(at));
  return `M${above.join(" L")} L${below.reverse().join(" L")} Z`;
}

/** The next number above that people like. */
function nice(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((one) => one * unit).find((one) => one >= value) ?? value;
}
