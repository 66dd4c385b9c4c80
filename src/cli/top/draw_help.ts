import { bold, cyan, dim } from "../printing/print.ts";
import { wrap } from "../printing/wrap.ts";
import { cell, type Row } from "./cells.ts";
import type { TopSetup } from "./model.ts";
import { LEVEL_KEYS } from "./press.ts";

/** What the keys do, on a screen of that size. */
export function drawHelp(setup: TopSetup, width: number, height: number): Row[] {
  const levels = [...LEVEL_KEYS].map(([key, { word }]) => `${key} ${word}`).join(", ");
  const lines = setup.lines === undefined ? "" : ` or ${setup.lines} lines`;
  const keys: readonly (readonly [key: string, does: string])[] = [
    ["↑ ↓", "choose a thread or a logger; also page up, page down, home, end"],
    ["→ ←", "show and hide the loggers of the thread, as enter does"],
    [
      [...LEVEL_KEYS.keys()].join(" "),
      `turn what is chosen, for ${setup.time}${lines}: ${levels}; a thread is its root`,
    ],
    ["!", "the next key is for all threads that are shown"],
    ["r R", "roll back the last change; reset to what the program has set up"],
    ["space", "follow the records of what is chosen, DEBUG and above; again to end it"],
    ["/", "show only threads and loggers with a text; esc shows all"],
    ["q", "quit, as Ctrl-C does"],
    ["", ""],
    ["+1", "behind a thread's level: so many of its loggers have another one of their own"],
    ["(INFO)", "in brackets: the level of an ancestor"],
    ["D/s …", "records a second that handlers have taken: DEBUG, INFO, WARNING, ERROR and above"],
    ["LEFT", "when the newest change is taken back by itself"],
  ];
  const margin = width < 60 ? 0 : 1, indent = margin + (width < 60 ? 6 : 14);
  const rows = keys.flatMap(([key, does]): Row[] => {
    const isShort = key.length <= indent - margin - 1;
    const text = isShort ? does : `${key}: ${does}`;
    return wrap(text, width - indent - margin).map((line, at) => [
      ...at === 0 && isShort
        ? [cell(margin, indent - margin - 1, key, { style: (one) => bold(cyan(one)) })]
        : [],
      cell(indent, width - indent - margin, line),
    ]);
  });
  const end = "any other key goes back";
  const all: Row[] = [[cell(margin, width - margin, "Keys", { style: bold })], [], ...rows, [], [
    cell(margin, width - margin, end, { style: dim }),
  ]];
  return Array.from({ length: height }, (_, at) => all[at] ?? []);
}
