/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import type { Running } from "../../client/read_results.ts";
import type { Finding } from "../../config/check/finding.ts";
import type { Preview } from "../../wire/message.ts";
import { request } from "./api.ts";
import { fill, h, mark, say } from "./dom.ts";
import { levelClass, levelText } from "./levels.ts";
import { AGAIN_MS, type Model, scopeText, stateOf } from "./model.ts";
import { Outcome } from "./outcome.ts";
import type { View } from "./threads_view.ts";
import { field } from "./turn_form.ts";

/** How long after the last key it is checked, in milliseconds. */
const CHECK_MS = 250;

/** Writes a configuration: what is wrong with it and what it would change is told as one types. */
export class ConfigView implements View {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #isReadOnly: () => boolean;
  readonly #text: HTMLTextAreaElement;
  readonly #gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  readonly #load = h("button", { type: "button", onclick: () => void this.#loadRunning() });
  readonly #note = h("p", { class: "quiet", role: "status" });
  readonly #findings = h("ul", {
    class: "findings",
    "aria-label": "Findings",
    "aria-live": "polite",
  });
  readonly #diff = h("div", { class: "diff" });
  readonly #time = field("", "for how long", "stays");
  readonly #reason = field("", "why", "for history and logs");
  readonly #send = h("button", { type: "submit", class: "primary", "data-once": true });
  readonly #outcome = new Outcome();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller = new AbortController();
  #isGood = false;
  #isBusy = false;
  #findingLines = new Map<number, string>();
  /** What the threads were like when it was compared with them. */
  #compared = "";
  /** When it may be compared again; not while it is on its way. */
  #againAt = -Infinity;

  constructor(model: Model, isReadOnly: () => boolean) {
    this.#model = model;
    this.#isReadOnly = isReadOnly;
    this.#text = h("textarea", {
      class: "editor",
      spellcheck: "false",
      autocomplete: "off",
      wrap: "off",
      "aria-label": "Configuration",
      placeholder:
        "[loggers]\nkeys=root\n…  or JSON for dictConfig. Load what is running to begin with.",
      oninput: () => this.#edited(),
      onscroll: () => this.#gutter.scrollTop = this.#text.scrollTop,
    });
    this.element = h(
      "form",
      {
        class: "view config",
        "aria-label": "Write a configuration",
        onsubmit: (event) => {
          event.preventDefault();
          void this.#sendIt();
        },
      },
      h(
        "div",
        { class: "config-left" },
        h("div", { class: "bar" }, this.#load, this.#note),
        h("div", { class: "editor-box" }, this.#gutter, this.#text),
      ),
      h(
        "div",
        { class: "config-right" },
        h("h2", {}, "What is wrong with it"),
        this.#findings,
        h("h2", {}, "What it would change"),
        this.#diff,
        h("h2", {}, "Send it"),
        h("div", { class: "row" }, this.#time.label, this.#reason.label),
        this.#send,
        this.#outcome.element,
      ),
    );
    this.#showLines();
    this.show();
  }

  show(): void {
    const { scope, chosen } = this.#model;
    const who = scopeText(scope, chosen);
    say(this.#load, `Load what is running in ${who}`);
    this.#load.disabled = chosen.length === 0;
    say(this.#send, `Send it to ${who}`);
    this.#send.disabled = this.#isReadOnly() || !this.#isGood || this.#isBusy ||
      chosen.length === 0;
    this.#outcome.follow(this.#model.all);
    const state = stateOf(chosen);
    // A check changes the state as well, and a thread that computes answers late.
    if (state === this.#compared || performance.now() < this.#againAt) return;
    this.#compared = state;
    this.#checkSoon();
  }

  onChoose(): void {
    this.#edited();
  }

  find(): void {
    this.#text.focus();
  }

  async #loadRunning(): Promise<void> {
    const { scope } = this.#model;
    try {
      const { threads } = await request<{ threads: Delivery[] }>("get", { scope });
      const told = threads.filter(({ result }) => result !== undefined);
      const [first] = told;
      if (first === undefined) {
        throw new Error(threads[0]?.error?.message ?? "No thread has answered: they compute");
      }
      const { conf, dict, noConf } = first.result as Running;
      this.#text.value = conf ?? JSON.stringify(dict, null, 2);
      const others = told.filter(({ result }) =>
        JSON.stringify(result) !== JSON.stringify(first.result)
      ).length;
      say(
        this.#note,
        `${first.name}'s${noConf === undefined ? "" : `, as JSON: ${noConf}`}${
          others > 0
            ? `; ${others === 1 ? "1 other has" : `${others} others have`} another one`
            : ""
        }`,
      );
      this.#edited();
    } catch (error) {
      say(this.#note, error instanceof Error ? error.message : String(error));
    }
  }

  #edited(): void {
    this.#isGood = false;
    this.#outcome.clear();
    this.#showLines();
    this.show();
    this.#checkSoon();
  }

  #checkSoon(): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    this.#againAt = Infinity;
    this.#timer = setTimeout(async () => {
      const { signal } = this.#controller = new AbortController();
      await this.#check(signal);
      if (!signal.aborted) this.#againAt = performance.now() + AGAIN_MS;
    }, CHECK_MS);
  }

  async #check(signal: AbortSignal): Promise<void> {
    const text = this.#text.value, { scope } = this.#model;
    if (text.trim() === "") {
      fill(this.#findings);
      fill(this.#diff);
      this.#findingLines.clear();
      return this.#showLines();
    }
    try {
      const answer = await request<{ findings: Finding[]; threads: Delivery[] }>("check", {
        scope,
        text,
      }, signal);
      const { findings, threads } = answer;
      // Threads may know fewer classes and levels than this page, and so refuse what it accepts.
      const isRefused = threads.length > 0 &&
        threads.every(({ outcome }) => outcome === "rejected");
      this.#isGood = !isRefused &&
        !findings.some(({ severity, isForProgram }) => severity === "error" && !isForProgram);
      this.#findingLines = new Map(findings.map(({ line = 0, severity }) => [line, severity]));
      fill(this.#findings, ...findings.map((one) => this.#findingLine(one)));
      if (findings.length === 0) this.#findings.append(h("li", { class: "is-good" }, "nothing"));
      fill(
        this.#diff,
        ...threads.length > 0 || this.#isGood
          ? groupDiffs(threads)
          : [h("p", { class: "quiet" }, "It has to be right first.")],
      );
    } catch (error) {
      if (signal.aborted) return;
      fill(
        this.#findings,
        h("li", { class: "is-bad" }, error instanceof Error ? error.message : String(error)),
      );
      fill(this.#diff);
    }
    this.#showLines();
    this.show();
  }

  #findingLine({ severity, reason, section, key, line, hint }: Finding): HTMLElement {
    const place = [line === undefined ? "" : `line ${line}`, section ?? "", key ?? ""].filter((
      one,
    ) => one !== "").join(" · ");
    const go = h(
      "button",
      { type: "button", class: "place", onclick: () => this.#goTo(line ?? 1) },
      place || "the whole",
    );
    return h(
      "li",
      { class: severity === "error" ? "is-bad" : "is-waiting" },
      go,
      ` ${reason}${hint === undefined ? "" : `, ${hint}`}`,
    );
  }

  #goTo(line: number): void {
    const lines = this.#text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.#text.focus();
    this.#text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  #showLines(): void {
    const count = this.#text.value.split("\n").length;
    const lines = Array.from({ length: count }, (_, at) => {
      const severity = this.#findingLines.get(at + 1);
      return h(
        "span",
        severity === undefined ? {} : { class: severity === "error" ? "is-bad" : "is-waiting" },
        at + 1,
      );
    });
    fill(this.#gutter, ...lines);
    this.#gutter.scrollTop = this.#text.scrollTop;
    mark(this.#text, "aria-invalid", this.#findingLines.size > 0 ? "true" : undefined);
  }

  async #sendIt(): Promise<void> {
    const { scope, chosen } = this.#model;
    if (!this.#isGood || this.#isBusy || this.#isReadOnly()) return;
    this.#isBusy = true;
    this.show();
    this.#outcome.asking(scopeText(scope, chosen));
    try {
      const time = this.#time.input.value.trim(), reason = this.#reason.input.value.trim();
      const { threads } = await request<{ threads: Delivery[] }>("send", {
        scope,
        text: this.#text.value,
        ...time === "" ? { forever: true } : { for: time },
        ...reason === "" ? {} : { reason },
      });
      this.#outcome.answered(threads);
    } catch (error) {
      this.#outcome.failed(error);
    } finally {
      this.#isBusy = false;
      this.show();
    }
  }
}

/** What would be changed in each thread, what is the same once. */
function groupDiffs(deliveries: readonly Delivery[]): HTMLElement[] {
  const groups = new Map<string, { names: string[]; one: Delivery }>();
  for (const one of deliveries) {
    const { previous, result, outcome, error } = one;
    const key = JSON.stringify([previous, result, outcome, error]);
    const known = groups.get(key) ?? { names: [], one };
    known.names.push(one.name ?? `port ${one.port}`);
    groups.set(key, known);
  }
  return [...groups.values()].map(({ names, one }) => {
    const who = names.length > 3
      ? `${names.length} threads: ${names.slice(0, 2).join(", ")}, …`
      : names.join(", ");
    return h("div", { class: "diff-group" }, h("h3", {}, who), ...diffLines(one));
  });
}

function diffLines({ previous = {}, result, outcome, error }: Delivery): HTMLElement[] {
  if (result === undefined) {
    return [
      h(
        "p",
        { class: outcome === "rejected" ? "is-bad" : "is-waiting" },
        error?.message ?? `no answer: ${outcome}`,
      ),
    ];
  }
  const { levels, scopes = [], disabled, handlers = [], dropped = [] } = result as Preview;
  const names = [...new Set([...Object.keys(previous), ...Object.keys(levels)])];
  const levelOf = (all: Readonly<Record<string, string>>, name: string) =>
    Object.hasOwn(all, name) ? all[name]! : "NOTSET";
  const changed = names.filter((name) => levelOf(previous, name) !== levelOf(levels, name));
  const lines = changed.map((name) =>
    h(
      "p",
      {},
      `${name} `,
      levelMark(levelOf(previous, name)),
      " → ",
      levelMark(levelOf(levels, name)),
    )
  );
  lines.push(...scopes.map((scope) => h("p", {}, scope)));
  for (const { name, previous, level } of handlers) {
    const text = previous === undefined
      ? `adds handler ${name} at ${level}`
      : `handler ${name} ${previous} → ${level}`;
    lines.push(h("p", {}, text));
  }
  if (disabled.length > 0) lines.push(h("p", {}, `disables ${disabled.join(", ")}`));
  if (dropped.length > 0) lines.push(h("p", {}, `drops ${dropped.join(", ")}`));
  return lines.length > 0 ? lines : [h("p", { class: "quiet" }, "no level changes")];
}

function levelMark(level: string): HTMLElement {
  return h("b", { class: levelClass(level) }, levelText(level));
}
