/// <reference lib="dom" />
import { mark, s, say } from "./dom.ts";
import { levelClass, levelText, placeOf, type Stop, STOPS } from "./levels.ts";

/** Degrees from straight up to the first and the last stop. */
const SWING = 132;
/** How far the stops and their names are from the middle. */
const ARC = 84, NAMES = 104;

/** What the dial shows. */
export interface DialState {
  /** The level that counts, where all threads agree. */
  readonly level: string | undefined;
  /** The level that is chosen and not set yet. */
  readonly chosen: string | undefined;
  /** Whether somebody is asked to set it. */
  readonly isBusy: boolean;
  /** What stands in the middle. */
  readonly text: string;
  /** Whether it cannot be turned. */
  readonly isFixed: boolean;
}

/** A dial that turns: lit is what comes out. By the keyboard it is a slider. */
export class Dial {
  readonly element: SVGSVGElement;
  readonly #onTurn: (level: Stop) => void;
  readonly #hand = s("g", { class: "dial-hand" });
  readonly #ghost = s("path", { class: "dial-ghost", d: "M0 -79 l-5 8 h10 z" });
  readonly #text = s("text", { class: "dial-text", "text-anchor": "middle", y: 6 });
  readonly #arcs: readonly SVGPathElement[];
  readonly #names: readonly SVGTextElement[];
  #state: DialState | undefined;

  constructor(onTurn: (level: Stop) => void) {
    this.#onTurn = onTurn;
    this.#arcs = STOPS.slice(1).map((level, at) =>
      s("path", { class: `dial-arc ${levelClass(level)}`, d: arc(angle(at), angle(at + 1), ARC) })
    );
    this.#names = STOPS.map((level, at) => {
      const [x, y] = point(angle(at), NAMES);
      const anchor = x < -40 ? "end" : x > 40 ? "start" : "middle";
      const name = s(
        "text",
        { class: "dial-name", x: x * 0.98, y: y + 4, "text-anchor": anchor },
        level,
      );
      name.addEventListener("click", () => this.#turn(level));
      return name;
    });
    const knurls = Array.from(
      { length: 60 },
      (_, at) =>
        s("line", { class: "dial-knurl", y1: -66, y2: -71, transform: `rotate(${at * 6})` }),
    );
    this.#hand.append(
      s("circle", { class: "dial-rim", r: 72 }),
      ...knurls,
      s("circle", { class: "dial-face", r: 62 }),
      s("path", { class: "dial-pointer", d: "M0 -60 V-40" }),
    );
    this.element = s(
      "svg",
      {
        class: "dial",
        viewBox: "-178 -130 356 236",
        role: "slider",
        tabindex: 0,
        "aria-valuemin": 0,
        "aria-valuemax": STOPS.length - 1,
        "aria-label": "Level",
        onkeydown: (event) => this.#onKey(event as KeyboardEvent),
        onpointerdown: (event) => this.#onPointer(event as PointerEvent),
        onpointermove: (event) => this.#onPointer(event as PointerEvent),
      },
      s("path", { class: "dial-track", d: arc(-SWING, SWING, ARC) }),
      ...this.#arcs,
      ...STOPS.map((_, at) => tick(angle(at))),
      this.#hand,
      this.#ghost,
      this.#text,
      ...this.#names,
    );
  }

  /** Shows a state. */
  show(state: DialState): void {
    this.#state = state;
    const { level, chosen, text, isBusy, isFixed } = state;
    const shown = chosen ?? level;
    const place = shown === undefined ? undefined : placeOf(shown);
    const now = level === undefined ? undefined : placeOf(level);
    turn(this.#hand, place ?? 2.5);
    turn(this.#ghost, now ?? 0);
    this.#arcs.forEach((one, at) =>
      one.classList.toggle("is-lit", place !== undefined && at + 1 <= place)
    );
    this.#names.forEach((one, at) => {
      one.classList.toggle("is-at", at === place);
      one.setAttribute(
        "class",
        `dial-name ${at === place ? `is-at ${levelClass(STOPS[at]!)}` : ""}`,
      );
    });
    say(this.#text, text);
    mark(
      this.element,
      "class",
      [
        "dial",
        shown === undefined ? "" : levelClass(shown),
        chosen !== undefined && chosen !== level ? "is-chosen" : "",
        isBusy ? "is-busy" : "",
        place === undefined ? "is-mixed" : "",
        isFixed ? "is-fixed" : "",
      ].filter((one) => one !== "").join(" "),
    );
    mark(this.element, "aria-valuenow", String(Math.round(place ?? 0)));
    mark(this.element, "aria-valuetext", shown === undefined ? text : levelText(shown));
    mark(this.element, "aria-disabled", isFixed ? "true" : undefined);
  }

  #turn(level: Stop): void {
    if (this.#state?.isFixed !== true) this.#onTurn(level);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { level, chosen } = this.#state!;
    const place = Math.round(placeOf(chosen ?? level ?? "WARNING") ?? 3);
    const last = STOPS.length - 1;
    const letter = STOPS.findIndex((one) => one[0] === event.key.toUpperCase());
    const to = ["ArrowRight", "ArrowUp"].includes(event.key)
      ? Math.min(place + 1, last)
      : ["ArrowLeft", "ArrowDown"].includes(event.key)
      ? Math.max(place - 1, 0)
      : event.key === "Home"
      ? 0
      : event.key === "End"
      ? last
      : event.key.length === 1
      ? letter
      : -1;
    if (to < 0) return;
    event.preventDefault();
    this.#turn(STOPS[to]!);
  }

  #onPointer(event: PointerEvent): void {
    if (event.buttons !== 1 || (event.target as Element).classList.contains("dial-name")) return;
    if (event.type === "pointerdown") this.element.setPointerCapture(event.pointerId);
    const box = this.element.getBoundingClientRect();
    const scale = box.width / 356;
    const x = event.clientX - box.left - 178 * scale, y = event.clientY - box.top - 130 * scale;
    if (Math.hypot(x, y) < 12 * scale) return;
    const degrees = Math.atan2(x, -y) * 180 / Math.PI;
    const at = Math.round((degrees + SWING) / (2 * SWING) * (STOPS.length - 1));
    this.#turn(STOPS[Math.max(0, Math.min(STOPS.length - 1, at))]!);
  }
}

/** A small dial, as a sign beside a name. */
export class SmallDial {
  readonly element: SVGSVGElement;
  readonly #hand = s("path", { class: "small-hand", d: "M0 -1 V-6" });

  constructor() {
    this.element = s(
      "svg",
      { class: "small-dial", viewBox: "-9 -9 18 18", "aria-hidden": "true" },
      s("path", { class: "small-track", d: arc(-SWING, SWING, 7.5) }),
      s("circle", { class: "small-face", r: 4.6 }),
      this.#hand,
    );
  }

  /** Shows a level; none where threads differ. */
  show(level: string | undefined): void {
    const place = level === undefined ? undefined : placeOf(level);
    mark(
      this.element,
      "class",
      `small-dial ${level === undefined ? "is-mixed" : levelClass(level)}`,
    );
    turn(this.#hand, place ?? 2.5);
  }
}

function turn(element: SVGElement, place: number): void {
  element.style.transform = `rotate(${angle(place)}deg)`;
}

function angle(place: number): number {
  return -SWING + place * 2 * SWING / (STOPS.length - 1);
}

function tick(degrees: number): SVGLineElement {
  return s("line", { class: "dial-tick", y1: -78, y2: -90, transform: `rotate(${degrees})` });
}

function point(degrees: number, radius: number): [number, number] {
  const radians = degrees * Math.PI / 180;
  return [Math.sin(radians) * radius, -Math.cos(radians) * radius];
}

function arc(from: number, to: number, radius: number): string {
  const [x, y] = point(from, radius), [x2, y2] = point(to, radius);
  const isLong = to - from > 180 ? 1 : 0;
  return `M${x.toFixed(2)} ${y.toFixed(2)} A${radius} ${radius} 0 ${isLong} 1 ${x2.toFixed(2)} ${
    y2.toFixed(2)
  }`;
}
