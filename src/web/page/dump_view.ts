/// <reference lib="dom" />
import type { DumpLine, DumpRecord, DumpThread } from "../../client/dump_line.ts";
import type { Delivery } from "../../client/request.ts";
import { request, stream } from "./api.ts";
import { fill, h, say } from "./dom.ts";
import { clock } from "./forces.ts";
import { type Model, scopeText } from "./model.ts";
import { Outcome } from "./outcome.ts";
import { noteLine, recordLine } from "./records.ts";
import { levelChoice } from "./tail_view.ts";
import type { View } from "./threads_view.ts";
import { field, readFields } from "./turn_form.ts";

/** Most records that are shown; the filters find the others. */
const MOST = 2000;

/** What threads have kept in memory: also of such as hang, or have ended. */
export class DumpView implements View {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #isReadOnly: () => boolean;
  readonly #level = levelChoice();
  readonly #logger = field("", "logger", "all");
  readonly #last = field("", "the last", "30s");
  readonly #where = field("", "where", "requestId=a1");
  readonly #go = h("button", { type: "submit", class: "primary" });
  readonly #what = field("root=DEBUG", "keep", "root=DEBUG");
  readonly #record = h("button", { type: "submit", "data-once": true });
  readonly #off: HTMLButtonElement;
  readonly #kept = h("p", { class: "quiet" });
  readonly #outcome = new Outcome();
  readonly #threads = h("ul", { class: "kept" });
  readonly #lines = h("div", {
    class: "records",
    tabindex: 0,
    role: "region",
    "aria-label": "Records",
  });
  #isBusy = false;

  constructor(model: Model, isReadOnly: () => boolean) {
    this.#model = model;
    this.#isReadOnly = isReadOnly;
    this.#off = h(
      "button",
      { type: "button", "data-once": true, onclick: () => void this.#keep(undefined) },
      "Keep nothing more",
    );
    this.element = h(
      "div",
      { class: "view stream" },
      h(
        "form",
        {
          class: "bar",
          "aria-label": "Show what is kept",
          onsubmit: (event) => {
            event.preventDefault();
            void this.#dump();
          },
        },
        h("label", {}, h("span", {}, "from level"), this.#level),
        this.#logger.label,
        this.#last.label,
        this.#where.label,
        this.#go,
      ),
      h(
        "form",
        {
          class: "bar is-second",
          "aria-label": "The flight recorder",
          onsubmit: (event) => {
            event.preventDefault();
            void this.#keep(this.#what.input.value);
          },
        },
        this.#what.label,
        this.#record,
        this.#off,
        this.#kept,
      ),
      this.#outcome.element,
      this.#threads,
      this.#lines,
    );
    this.show();
  }

  show(): void {
    const { scope, chosen } = this.#model;
    const who = scopeText(scope, chosen);
    say(
      this.#go,
      `Show what ${
        chosen.length === 1 && scope.kind === "thread" ? chosen[0]!.status!.name : who
      } kept`,
    );
    this.#go.disabled = this.#isBusy;
    say(this.#record, `Have ${who} keep records`);
    this.#record.disabled = this.#off.disabled = this.#isReadOnly() || chosen.length === 0;
    const kept = chosen.filter(({ status }) => status!.recorder !== undefined);
    const levels = new Set(
      kept.map(({ status }) =>
        Object.entries(status!.recorder!.levels).map(([name, level]) => `${name}=${level}`).join(
          " ",
        )
      ),
    );
    say(
      this.#kept,
      kept.length === 0
        ? "nothing is kept"
        : `${kept.length} of ${chosen.length} keep ${[...levels].join(" or ")}`,
    );
    this.#outcome.follow(this.#model.all);
  }

  onChoose(): void {
    this.#outcome.clear();
    this.show();
  }

  find(): void {
    this.#logger.input.focus();
  }

  async #dump(): Promise<void> {
    this.#isBusy = true;
    this.show();
    const { scope } = this.#model;
    fill(this.#threads);
    fill(this.#lines);
    let count = 0, hasFailure = false;
    const records: HTMLElement[] = [];
    try {
      const asked = {
        scope,
        level: this.#level.value,
        logger: this.#logger.input.value.trim(),
        last: this.#last.input.value.trim(),
        where: readFields(this.#where),
      };
      await stream("dump", asked, (lines) => {
        for (const line of lines as DumpLine[]) {
          if ("message" in line) {
            count++;
            records.push(recordLine(shown(line as DumpRecord)));
            if (records.length > MOST) records.shift();
          } else if ("failure" in line) {
            hasFailure = true;
            this.#threads.append(h("li", { class: "is-bad" }, String(line.failure)));
          } else this.#threads.append(threadLine(line as DumpThread));
        }
      }, new AbortController().signal);
      if (count > MOST) records.unshift(noteLine(`the last ${MOST} of ${count}`));
      // Who has refused may keep some.
      if (count === 0 && !hasFailure) records.push(noteLine("no such records are kept"));
      fill(this.#lines, ...records);
      this.#lines.scrollTop = this.#lines.scrollHeight;
    } catch (error) {
      fill(this.#lines, noteLine(error instanceof Error ? error.message : String(error)));
    } finally {
      this.#isBusy = false;
      this.show();
    }
  }

  async #keep(words: string | undefined): Promise<void> {
    const { scope, chosen } = this.#model;
    this.#outcome.asking(scopeText(scope, chosen));
    try {
      const levels = words === undefined ? {} : { levels: readLevels(words) };
      const { threads } = await request<{ threads: Delivery[] }>("record", { scope, ...levels });
      this.#outcome.answered(threads);
    } catch (error) {
      this.#outcome.failed(error);
    }
  }
}

function readLevels(words: string): Record<string, string> {
  const levels = words.trim().split(/\s+/).map((word) => {
    const at = word.lastIndexOf("=");
    if (at < 1) throw new Error(`Cannot keep "${word}": it must be like app.db=DEBUG`);
    const level = word.slice(at + 1);
    return [word.slice(0, at), level === "off" ? level : level.toUpperCase()];
  });
  return Object.fromEntries(levels) as Record<string, string>;
}

function threadLine({ thread, pid, records, overwritten, ended }: DumpThread): HTMLElement {
  const lost = overwritten > 0 ? `, ${overwritten} older ones overwritten` : "";
  const end = ended === undefined ? "" : ` · it ended, or listened no more, by ${clock(ended)}`;
  return h("li", {}, h("b", {}, thread), ` pid ${pid}: ${records} kept${lost}${end}`);
}

function shown(record: DumpRecord): Parameters<typeof recordLine>[0] {
  const { time, level, levelno: _, logger, message, thread, pid: __, error, stack, ...fields } =
    record;
  const texts = [error, stack].filter((one) => one !== undefined).map(stackText);
  return {
    time,
    level,
    logger,
    message,
    thread,
    fields,
    ...texts.length === 0 ? {} : { error: texts.join("\n") },
  };
}

function stackText(value: unknown): string {
  const hasStack = typeof value === "object" && value !== null && "stack" in value;
  const stack = hasStack ? value.stack : value;
  return typeof stack === "string" ? stack : JSON.stringify(stack) ?? "";
}
