/// <reference lib="dom" />
import type { Scope } from "../api/scope.ts";
import type { Welcome } from "../live/web_thread.ts";
import { hasToken, takeToken } from "./api.ts";
import { ConfigView } from "./config_view.ts";
import { SmallDial } from "./dial.ts";
import { h, mark, say } from "./dom.ts";
import { DumpView } from "./dump_view.ts";
import { HistoryView } from "./history_view.ts";
import { follow, type Link } from "./live.ts";
import { Model } from "./model.ts";
import { RateHistory } from "./rates.ts";
import { ScopeList } from "./scope_list.ts";
import { TailView } from "./tail_view.ts";
import { ThreadsView, type View } from "./threads_view.ts";

/** Where the chosen colours are kept. */
const KEPT = "logdial-theme";
/** How long after it has been shown all is shown again at the earliest, in milliseconds. */
const AGAIN_MS = 100;
const THEMES = ["auto", "light", "dark"] as const;

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["1 – 5", "another view"],
  ["/", "find a logger, or name a new one"],
  ["t", "the list of threads; ↑ ↓ go through it, Enter chooses"],
  ["d", "the dial: ← → turn it, or D I W E C O; Enter sends, Esc forgets"],
  ["?", "these keys"],
];

/** The page. */
class Page {
  readonly #model = new Model();
  readonly #rates = new RateHistory();
  readonly #views: readonly (readonly [name: string, view: View])[];
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #list: ScopeList;
  readonly #main = h("main", { id: "main", tabindex: -1 });
  readonly #place = h("span", { class: "place" });
  readonly #link = h("span", { class: "link", role: "status" });
  readonly #theme: HTMLButtonElement;
  readonly #help = helpDialog();
  #welcome: Welcome | undefined;
  #at = 0;
  #isDue = false;
  #isOpen = false;
  #shownAt = -Infinity;

  constructor() {
    const isReadOnly = () => this.#welcome?.readOnly ?? true;
    this.#views = [
      ["Levels", new ThreadsView(this.#model, this.#rates, isReadOnly)],
      ["Tail", new TailView(this.#model)],
      ["Dump", new DumpView(this.#model, isReadOnly)],
      ["Configuration", new ConfigView(this.#model, isReadOnly)],
      ["History", new HistoryView(this.#model)],
    ];
    this.#tabs = this.#views.map(([name], at) =>
      h(
        "button",
        { type: "button", onclick: () => this.#open(at) },
        h("kbd", { "aria-hidden": "true" }, at + 1),
        name,
      )
    );
    this.#list = new ScopeList(this.#model, this.#rates, (scope) => this.#choose(scope));
    this.#theme = h("button", { type: "button", class: "icon", onclick: () => this.#turnTheme() });
    this.#setTheme(localStorage.getItem(KEPT) ?? "auto");
  }

  /** Shows the page. */
  start(): void {
    const sign = new SmallDial();
    sign.show("DEBUG");
    const help = h("button", {
      type: "button",
      class: "icon",
      "aria-label": "Keys",
      onclick: () => this.#help.showModal(),
    }, "?");
    document.body.replaceChildren(
      h("a", {
        class: "skip",
        href: "#main",
        onclick: (event) => {
          event.preventDefault();
          this.#main.focus();
        },
      }, "To the content"),
      h(
        "header",
        {},
        h("h1", {}, sign.element, "logdial"),
        h("nav", { class: "tabs", "aria-label": "Views" }, ...this.#tabs),
        this.#place,
        this.#link,
        this.#theme,
        help,
      ),
      h("div", { class: "body" }, this.#list.element, this.#main),
      this.#help,
    );
    document.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("keydown", ignoreHeld, { capture: true });
    document.addEventListener("click", ignoreSecond, { capture: true });
    this.#open(0);
    setInterval(() => {
      // Nobody tells what is written while the server is gone.
      if (this.#isOpen) this.#rates.tick(this.#model.threads);
      this.#show();
    }, 1000);
    // An address that differs in its token only loads nothing by itself.
    addEventListener("hashchange", () => hasToken() && location.reload());
    if (!takeToken()) {
      return this.#onLink(
        "refused",
        "The address lacks its token: open the one that logdial web has printed",
      );
    }
    void follow({
      onWelcome: (welcome) => this.#onWelcome(welcome),
      onPorts: (event) => {
        this.#model.take(event);
        this.#rates.take(event.rates);
        this.#showSoon();
      },
      onLink: (link, reason) => this.#onLink(link, reason),
    });
  }

  #onWelcome(welcome: Welcome): void {
    this.#welcome = welcome;
    say(this.#place, `${welcome.place}${welcome.readOnly ? " · read only" : ""}`);
    this.#show();
  }

  #onLink(link: Link, reason?: string): void {
    this.#isOpen = link === "open";
    const texts = {
      connecting: "connecting",
      open: "live",
      lost: "the server is gone, looking again",
      refused: "not let in",
    };
    // Where the server itself says why not, it is not gone.
    say(this.#link, link === "lost" ? reason ?? texts.lost : texts[link]);
    mark(this.#link, "class", `link is-${link}`);
    mark(this.#link, "title", reason);
    document.body.classList.toggle("is-cut-off", link === "lost" || link === "refused");
    if (link === "refused") {
      this.#main.replaceChildren(h("p", { class: "refused", role: "alert" }, reason));
    }
  }

  /** What comes together is shown once, and no more often than people see. */
  #showSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const wait = Math.max(0, this.#shownAt + AGAIN_MS - performance.now());
    setTimeout(() => {
      this.#isDue = false;
      this.#show();
      this.#shownAt = performance.now();
    }, wait);
  }

  #show(): void {
    this.#list.show();
    this.#views[this.#at]![1].show();
    const count = this.#model.threads.length;
    const title = count === 0
      ? "logdial"
      : `logdial · ${count} ${count === 1 ? "thread" : "threads"}`;
    if (document.title !== title) document.title = title;
  }

  #open(at: number): void {
    this.#at = at;
    this.#tabs.forEach((tab, index) =>
      mark(tab, "aria-current", index === at ? "page" : undefined)
    );
    const [, view] = this.#views[at]!;
    this.#main.replaceChildren(view.element);
    view.onOpen?.();
    this.#show();
  }

  #choose(scope: Scope): void {
    this.#model.scope = scope;
    this.#list.show();
    for (const [, view] of this.#views) view.onChoose();
  }

  #turnTheme(): void {
    const at = THEMES.findIndex((one) => one === document.documentElement.dataset.theme);
    this.#setTheme(THEMES[(at + 1) % THEMES.length]!);
  }

  #setTheme(theme: string): void {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEPT, theme);
    say(this.#theme, { auto: "◐", light: "○", dark: "●" }[theme] ?? "◐");
    mark(this.#theme, "aria-label", `Colours: ${theme}`);
    mark(this.#theme, "title", `Colours: ${theme}`);
  }

  #onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isTyping = target.matches("input, textarea, select");
    if (isTyping && event.key === "Escape") return target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || this.#help.open) return;
    const at = Number(event.key) - 1;
    if (this.#views[at] !== undefined) this.#open(at);
    else if (event.key === "/") this.#views[this.#at]![1].find();
    else if (event.key === "?") this.#help.showModal();
    else if (event.key === "t") {
      this.#list.element.querySelector<HTMLElement>("[aria-current]")?.focus();
    } else if (event.key === "d" && target.closest(".dial") === null) {
      this.#open(0);
      this.element<SVGElement>(".dial")?.focus();
    } else return;
    event.preventDefault();
  }

  element<E extends Element>(selector: string): E | null {
    return this.#main.querySelector<E>(selector);
  }
}

/** Enter that is held down sends once, and not again and again. */
function ignoreHeld(event: KeyboardEvent): void {
  const isText = event.target instanceof HTMLTextAreaElement;
  if (event.repeat && event.key === "Enter" && !isText) event.preventDefault();
}

/** A double click on what changes something changes it once. */
function ignoreSecond(event: MouseEvent): void {
  const isOnce = event.target instanceof Element && event.target.closest("[data-once]") !== null;
  if (event.detail < 2 || !isOnce) return;
  event.preventDefault();
  event.stopPropagation();
}

function helpDialog(): HTMLDialogElement {
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "help", "aria-label": "Keys" },
    h("h2", {}, "Keys"),
    h(
      "dl",
      {},
      ...KEYS.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)]),
    ),
    h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}

new Page().start();
