/// <reference lib="dom" />
import { h } from "./dom.ts";
import { levelClass } from "./levels.ts";

/** What every record has. */
export interface ShownRecord {
  readonly time: string;
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly thread: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/** A record as a line, all that it says as text. */
export function recordLine(
  { time, level, logger, message, thread, fields, error }: ShownRecord,
): HTMLElement {
  const more = Object.entries(fields ?? {}).map(([name, value]) =>
    h("span", { class: "field" }, h("i", {}, `${name}=`), valueText(value))
  );
  return h(
    "div",
    { class: "record" },
    h("time", { datetime: time }, timeText(time)),
    h("b", { class: `level ${levelClass(level)}` }, level),
    h("span", { class: "thread" }, thread),
    h("span", { class: "logger" }, logger),
    h("span", { class: "message" }, message, ...more),
    error === undefined ? undefined : errorText(error),
  );
}

/** A line that is no record, such as that some were lost. */
export function noteLine(text: string): HTMLElement {
  return h("div", { class: "record is-note" }, text);
}

function timeText(iso: string): string {
  const time = new Date(iso);
  return `${time.toLocaleTimeString("sv")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** The first line of a stack; the others where it is opened. */
function errorText(error: string): HTMLElement {
  const [first = "", ...rest] = error.split("\n");
  if (rest.length === 0) return h("div", { class: "error" }, first);
  return h("details", { class: "error" }, h("summary", {}, first), h("pre", {}, rest.join("\n")));
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "undefined";
}
