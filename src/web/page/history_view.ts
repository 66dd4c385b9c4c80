/// <reference lib="dom" />
import type { Delivery } from "../../client/request.ts";
import type { PastChange } from "../../client/read_results.ts";
import { request } from "./api.ts";
import { fill, h, say } from "./dom.ts";
import { clock } from "./forces.ts";
import { AGAIN_MS, type Model, scopeText, stateOf } from "./model.ts";
import type { View } from "./threads_view.ts";

/** Who has changed what, refused changes included. */
export class HistoryView implements View {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #head = h("h2", {});
  readonly #body = h("tbody");
  readonly #note = h("p", { class: "quiet", role: "status" });
  /** What was asked last, and of whom: it is asked again when something has been changed. */
  #asked = "";
  #whom = "";
  /** When it may be asked again; not while an answer is on its way. */
  #againAt = -Infinity;

  constructor(model: Model) {
    this.#model = model;
    const heads = ["When", "What", "Outcome", "Who", "Why", "Changed", "Threads"];
    this.element = h(
      "div",
      { class: "view history" },
      h("div", { class: "section-head" }, this.#head),
      h(
        "div",
        { class: "table-box", tabindex: 0, role: "region", "aria-label": "Changes of the past" },
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
          this.#body,
        ),
      ),
      this.#note,
    );
  }

  show(): void {
    const { scope, chosen } = this.#model;
    say(this.#head, `Changes in ${scopeText(scope, chosen)}`);
    const whom = JSON.stringify(scope), state = JSON.stringify([scope, stateOf(chosen)]);
    if (state === this.#asked) return;
    // What is asked changes the state as well, and a thread that computes answers late.
    if (whom === this.#whom && performance.now() < this.#againAt) return;
    this.#asked = state;
    this.#whom = whom;
    this.#againAt = -Infinity;
    if (chosen.length > 0) void this.#load();
    else fill(this.#body);
  }

  onChoose(): void {
    this.show();
  }

  find(): void {
    this.element.querySelector<HTMLElement>(".table-box")!.focus();
  }

  async #load(): Promise<void> {
    const asked = this.#asked;
    this.#againAt = Infinity;
    try {
      const { threads } = await request<{ threads: Delivery[] }>("history", {
        scope: this.#model.scope,
      });
      if (asked !== this.#asked) return;
      const rows = group(threads);
      fill(this.#body, ...rows.map(rowOf));
      const silent = silentText(threads);
      const note = rows.length === 0 ? "Nobody has changed anything." : "";
      say(this.#note, silent === "" ? note : silent);
    } catch (error) {
      say(this.#note, error instanceof Error ? error.message : String(error));
    } finally {
      if (asked === this.#asked) this.#againAt = performance.now() + AGAIN_MS;
    }
  }
}

interface Entry {
  readonly change: PastChange;
  readonly names: string[];
}

/** Who cannot tell, and why: what is the same once. */
function silentText(deliveries: readonly Delivery[]): string {
  const told = new Map<string, string[]>();
  for (const { result, error, outcome, name, port } of deliveries) {
    if (result !== undefined) continue;
    const why = error?.message ??
      `no answer${outcome === "pending" ? ", it computes" : `: ${outcome}`}`;
    told.set(why, [...told.get(why) ?? [], name ?? `port ${port}`]);
  }
  return [...told].map(([why, names]) => `${names.join(", ")} cannot tell: ${why}`).join("; ");
}

/** Entries, the newest first; a change that several threads tell stands there once. */
function group(deliveries: readonly Delivery[]): Entry[] {
  const found = new Map<string, Entry>();
  for (const { name = "?", result } of deliveries) {
    for (const change of (result ?? []) as readonly PastChange[]) {
      const { id, at, what, outcome, detail, by } = change;
      const key = JSON.stringify([id ?? [clock(at), by], what, outcome, detail]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { change, names: [name] });
      else known.names.push(name);
    }
  }
  return [...found.values()].sort((a, b) => a.change.at < b.change.at ? 1 : -1);
}

function rowOf({ change, names }: Entry): HTMLElement {
  const { at, what, label, outcome, user, by, reason = "", detail, until, takenBack = [] } = change;
  const taken = takenBack.map((one) => one.label ?? one.by).join(", ");
  const text = [
    detail,
    taken === "" ? "" : `takes back ${taken}`,
    until === undefined ? "" : `until ${clock(until)}`,
  ]
    .filter((one) => one !== "").join(", ");
  return h(
    "tr",
    {},
    h("td", { class: "num-left" }, clock(at)),
    h("td", { class: "what" }, label ?? what),
    h(
      "td",
      { class: outcome === "rejected" ? "is-bad" : "is-good" },
      label === undefined || what === "change" ? outcome : `${what} ${outcome}`,
    ),
    h("td", {}, user ?? by),
    h("td", {}, reason),
    h("td", { class: "detail" }, text),
    h(
      "td",
      { title: names.join(", ") },
      names.length > 2 ? `${names.length} threads` : names.join(", "),
    ),
  );
}
