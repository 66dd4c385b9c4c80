import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as colors from "@std/fmt/colors";
import { unicodeWidth } from "@std/cli/unicode-width";
import type { Delivery } from "../../src/client/request.ts";
import { needWidths } from "../../src/cli/printing/print.ts";
import { cell, type Row } from "../../src/cli/top/cells.ts";
import { longChange } from "../../src/cli/top/change_text.ts";
import { chosenIndex, keepInView, listRows } from "../../src/cli/top/list_rows.ts";
import type { AwaitedChange, SeenThread, TopModel } from "../../src/cli/top/model.ts";
import { Performer, settleAwaited } from "../../src/cli/top/perform.ts";
import { press } from "../../src/cli/top/press.ts";
import { rateText } from "../../src/cli/top/rates.ts";
import { render } from "../../src/cli/top/render.ts";
import { Screen } from "../../src/cli/top/screen.ts";
import { tellDeliveries } from "../../src/cli/top/tell_deliveries.ts";
import { ThreadWatch } from "../../src/cli/top/thread_watch.ts";
import { HOSTILE, unseenIn, withoutColors } from "../harness/hostile_text.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { Squatter } from "../harness/squatter.ts";
import { TerminalScreen, type WidthOf } from "../harness/terminal_screen.ts";
import { loggerInfo, modelOf, NOW, seenFollower, seenThread } from "../harness/top_model.ts";

/** Names that turn a terminal, that take more columns than characters, or fewer. */
const NAMES = [
  HOSTILE,
  "日本語のワーカー 第一番 とても長い名前です",
  "👩‍👩‍👧 family 🇩🇪 ☂️",
  "שלום עולם مرحبا",
  "e\u0301\u0302\u0303".repeat(40),
  `${"z\u0336".repeat(3)}${"\u0336".repeat(500)}`,
  "\u0301 begins with a mark",
  "x".repeat(500),
  "",
  "ｆｕｌｌ ｗｉｄｔｈ",
];

/** How terminals measure: by grapheme as we do, or character by character as older ones do. */
const TERMINALS: readonly WidthOf[] = [
  (character) => unicodeWidth(character),
  (character) => /\p{M}|\u200d|\u200e|\ufe0f/u.test(character) ? 0 : unicodeWidth(character) || 1,
  // One that knows nothing of wide characters.
  (character) => /\p{M}|\u200d|\u200e|\ufe0f/u.test(character) ? 0 : 1,
];

const SIZES = [[40, 12], [60, 16], [80, 24], [100, 30], [140, 50]] as const;

/** The screen of a model as a terminal shows it. */
function shown(model: TopModel, columns: number, rows: number): TerminalScreen {
  return drawn(new Screen().draw(render(model, { columns, rows }, NOW)), columns, rows);
}

/** What a terminal shows that gets such a text. */
function drawn(text: string, columns: number, rows: number, widthOf?: WidthOf): TerminalScreen {
  const terminal = new TerminalScreen(columns, rows, widthOf);
  // As the driver has it: no line is broken at the edge.
  terminal.modes.delete("?7");
  terminal.write(text);
  return terminal;
}

/** One of everything, with such a name. */
function modelWith(name: string): TopModel {
  const until = new Date(NOW + 3_600_000).toISOString();
  const by = { by: "127.0.0.1:5", at: "2026-11-28T11:00:00.000Z", label: name, user: name };
  const thread = seenThread(9002, name, {
    app: name,
    levels: { root: "INFO", [name]: "DEBUG" },
    changed: by,
    overrides: [{ ...by, until, maxLines: 50_000, linesLeft: 41_200, reason: name }],
    silent: [{ logger: name, reason: name }],
    pending: 1,
    written: {
      at: until,
      seconds: 10,
      total: {},
      perSecond: { DEBUG: 1234, INFO: 0.2, WARNING: 3 },
    },
  });
  const stranger: SeenThread = {
    key: "9005",
    port: 9005,
    isFollower: false,
    problem: name,
    askedAt: 0,
  };
  const model = modelOf(
    seenThread(9001, "MainProcess"),
    thread,
    seenFollower(9001, name),
    stranger,
  );
  const loggers = [
    loggerInfo("root", "INFO"),
    { ...loggerInfo("http", "INFO"), kind: "pino" },
    loggerInfo(name, name),
  ];
  model.loggers.set("9002", { list: { loggers, more: 0 } });
  model.opened.add("9002");
  model.chosen = { thread: "9002" };
  model.message = { text: `applied ${name}`, tone: "good" };
  model.command = `logdial set ${name}`;
  const record = { time: "2026-11-28T11:00:00.000Z", level: "INFO", logger: name, thread: name };
  model.tail = { title: name, id: "", lines: [{ record, text: name }, { text: name }] };
  return model;
}

Deno.test("no name or text breaks the screen, however the terminal measures it", async () => {
  await needWidths(NAMES);
  for (const [columns, rows] of [SIZES[0], SIZES[2], SIZES[4]]) {
    const plain = shown(modelWith("Worker"), columns, rows);
    const row = plain.lines.findIndex((line) => line.includes("9002"));
    const place = plain.lines[row]!.indexOf("INFO"), head = plain.lines[1]!.indexOf("LEVEL");
    assertEquals(place, head);
    for (const name of NAMES) {
      const model = modelWith(name);
      const cells = render(model, { columns, rows }, NOW), text = new Screen().draw(cells);
      const sent = cells.flat().map(({ text }) => text).join("");
      assertEquals(unseenIn(withoutColors(sent).replaceAll("\u200d", "")), undefined);
      for (const widthOf of TERMINALS) {
        // It throws for what is neither text nor one of our sequences.
        const terminal = drawn(text, columns, rows, widthOf);
        assertEquals(terminal.lines.length, rows);
        // All that stands behind a name is where it would be behind any other.
        const heads = terminal.lines[1]!.indexOf("LEVEL");
        assertEquals(terminal.columns(row, heads, 4), "INFO", `${columns} ${JSON.stringify(name)}`);
        assertEquals(terminal.columns(row - 1, heads, 4), "INFO");
        assertEquals(terminal.columns(row, columns < 60 ? 2 : 3, 5), "9002");
      }
    }
  }
});

Deno.test("every size shows what matters: thread, level, what is left, message and command", () => {
  for (const [columns, rows] of SIZES) {
    const model = modelWith("Worker #12");
    for (const row of render(model, { columns, rows }, NOW)) {
      const end = row.at(-1);
      assert(
        end === undefined || end.at + end.width <= columns,
        `${columns}: ${JSON.stringify(end)}`,
      );
    }
    const { lines, overflows } = shown(model, columns, rows);
    assertEquals(overflows, 0);
    const thread = lines.find((line) => line.includes("9002"))!;
    assertStringIncludes(thread, "▸");
    assert(/Worker.*#12.* INFO .*1h 00m/.test(thread), thread);
    if (rows > 12) {
      assert(lines.some((line) => /^ +pino:http +\(INFO\)/.test(line)), lines.join("\n"));
    }
    assertStringIncludes(lines.at(-2)!, "$ logdial set Worker");
    assertStringIncludes(lines.at(-3)!, "applied Worker");
    assertStringIncludes(lines.at(-1)!, "? help");
    if (columns >= 80) assert(/ 1\.2k /.test(thread), thread);
    if (columns >= 100) assert(/1\.2k +<1 +3 /.test(thread), thread);
    if (columns >= 140) assertStringIncludes(thread, "41200 lines · Worker #12 by Worker");
  }
  for (const [columns, rows] of [[0, 0], [1, 1], [29, 24], [80, 7], [30, 8]] as const) {
    assertEquals(render(modelWith("Worker"), { columns, rows }, NOW).length, Math.max(1, rows));
  }
  const help = modelWith("Worker");
  help.mode = "help";
  for (const [columns, rows] of SIZES) {
    assertStringIncludes(shown(help, columns, rows).text, "choose a thread");
  }
});

Deno.test("what top shows of plain names needs no table of widths, which may have to be fetched", () => {
  const model = modelWith("Worker");
  for (const mode of ["list", "filter", "help"] as const) {
    model.mode = mode;
    const cells = render(model, { columns: 140, rows: 50 }, NOW).flat();
    assertEquals(cells.filter(({ isPlain }) => !isPlain).map(({ text }) => text), [], mode);
  }
});

Deno.test("of a change in force its lines are told as what is left of it", () => {
  const sent = {
    by: "kim (127.0.0.1:5)",
    at: new Date(NOW).toISOString(),
    until: "",
    reason: "slow",
  };
  const told = (counts: object) =>
    longChange({
      ...seenThread(9001, "MainProcess").status!,
      overrides: [{ ...sent, label: "set app=DEBUG", user: "kim", ...counts }],
    });
  const text = 'in force: set app=DEBUG by kim, because "slow"';
  assertEquals(told({}), [text]);
  assertEquals(told({ maxLines: 200, linesLeft: 197 }), [`${text}, 197 of 200 lines left`]);
  assertEquals(told({ maxLines: 200, linesLeft: 200 }), [`${text}, 200 lines left`]);
});

Deno.test("a command that is too long for a line is one that a shell can still be given", () => {
  const model = modelOf(seenThread(9001, "Main"));
  model.command = "logdial set app.db=DEBUG --for 10m --reason 'it is  slow' --port 9001";
  const below = (columns: number, rows: number) =>
    shown(model, columns, rows).lines.slice(2).filter((line) => /^ ?\$|^ {2,3}\S/.test(line));
  assertEquals(below(40, 24).slice(-2), [
    "$ logdial set app.db=DEBUG --for 10m \\",
    "  --reason 'it is  slow' --port 9001",
  ]);
  assertEquals(below(100, 24), [` $ ${model.command}`]);
});

Deno.test("what is chosen stays in view, and the list where it is", () => {
  const threads = Array.from({ length: 29 }, (_, at) => seenThread(9001 + at, `Worker #${at}`));
  const model = modelOf(...threads);
  const chosenLine = () => shown(model, 80, 16).lines.find((line) => line.includes("▸"));
  for (const { key, port } of [...threads, ...threads.toReversed()]) {
    model.chosen = { thread: key };
    assertStringIncludes(chosenLine()!, String(port));
  }
  model.chosen = { thread: "9020" };
  chosenLine();
  const before = model.offset;
  model.chosen = { thread: "9019" };
  chosenLine();
  assertEquals(model.offset, before);
  // A thread that has ended leaves the choice to the one in its place.
  model.threads = threads.filter(({ port }) => port !== 9019);
  assertStringIncludes(chosenLine()!, "9020");
  model.threads = threads.slice(0, 2);
  assertStringIncludes(chosenLine()!, "9002");
  model.threads = [];
  assertEquals(chosenLine(), undefined);
});

Deno.test("only what has changed is written, and the terminal shows the same as drawn anew", async () => {
  await needWidths(NAMES);
  const columns = 100, rows = 20, screen = new Screen();
  const states: Row[][] = [];
  for (const [at, name] of [...NAMES, ...NAMES.toReversed(), "Worker"].entries()) {
    const model = modelWith(at % 3 === 0 ? "Worker" : name);
    if (at % 4 === 0) model.tail = undefined;
    if (at % 5 === 0) model.mode = "help";
    states.push(render(model, { columns, rows }, NOW + at * 1000));
  }
  const terminal = drawn("", columns, rows, TERMINALS[1]);
  for (const state of states) {
    terminal.write(screen.draw(state));
    const fresh = drawn(new Screen().draw(state), columns, rows, TERMINALS[1]);
    assertEquals(terminal.lines, fresh.lines);
    assertEquals(screen.draw(state), "");
  }
  const model = modelWith("Worker");
  screen.draw(render(model, { columns, rows }, NOW));
  const change = screen.draw(render(model, { columns, rows }, NOW + 1000));
  // The dial, the clock and what is left of the time of the thread and of its logger.
  assert(change.length < 150, JSON.stringify(change));
});

Deno.test("without colours nothing but text and places is written", () => {
  const model = modelWith("Worker");
  assertEquals(shown(model, 80, 24).hasColors, true);
  colors.setColorEnabled(false);
  try {
    const terminal = shown(model, 80, 24);
    assertEquals(terminal.hasColors, false);
    assertStringIncludes(terminal.text, "▸ 9002");
  } finally {
    colors.setColorEnabled(true);
  }
});

Deno.test("nothing is called applied before it is", () => {
  const one: Delivery = { port: 9001, outcome: "applied", name: "Main", pid: 1 };
  const say = (...deliveries: Delivery[]) => {
    const { tone, text } = tellDeliveries(deliveries, "root=DEBUG");
    return `${tone}: ${text}`;
  };
  assertEquals(
    say({ ...one, previous: { root: "INFO" }, levels: { root: "DEBUG" } }),
    "good: applied on 9001 Main: root INFO → DEBUG",
  );
  assertEquals(
    say({ ...one, previous: { root: "INFO" }, levels: { root: "INFO" } }),
    "good: root=DEBUG: applied on 9001 Main",
  );
  assertEquals(
    say({ ...one, outcome: "pending" }),
    "waiting: root=DEBUG: pending on 9001 Main: until its next log call",
  );
  assertEquals(
    say({ ...one, outcome: "rejected", error: { message: "signed changes only" } }),
    "bad: root=DEBUG: rejected on 9001 Main: signed changes only",
  );
  assertEquals(
    say({ ...one, outcome: "unconfirmed" }),
    "waiting: root=DEBUG: not confirmed on 9001 Main",
  );
  assertEquals(
    say(one, { ...one, port: 9002 }, { ...one, port: 9003, outcome: "pending" }, {
      ...one,
      port: 9004,
      name: "W",
      outcome: "rejected",
      error: { message: "no" },
    }),
    "bad: root=DEBUG: 1 rejected, 1 pending, 2 applied; " +
      "9004 W: no; 9003 Main: pending until it logs",
  );
  assertEquals(say(one, { ...one, port: 9002 }), "good: root=DEBUG: applied on all 2");
  // Colours that other commands print there are none of a cell.
  const { text } = tellDeliveries(
    [one, { port: 9011, kind: "silent", outcome: "unconfirmed" }],
    "root=DEBUG",
  );
  assertEquals(
    withoutColors(cell(0, 80, text).text).trimEnd(),
    "root=DEBUG: 1 not confirmed, 1 applied; 9011 CPython: not confirmed",
  );
  assertEquals(say(), "bad: root=DEBUG: nobody can take it");
  assertEquals(
    say({ port: 9001, kind: "foreign", outcome: "skipped" }),
    "bad: root=DEBUG: nobody can take it",
  );
});

Deno.test("what is pending is called applied when its thread shows it", () => {
  const pending = (key: string): AwaitedChange => ({
    threads: new Set([key]),
    since: 100,
    what: "root=DEBUG",
    wanted: ["root", "DEBUG"],
    done: 0,
    failed: 0,
  });
  const cases: readonly (readonly [Partial<SeenThread> | undefined, string | undefined])[] = [
    // Asked before it was sent: it cannot know.
    [{ ...seenThread(9001, "A", { levels: { root: "INFO" } }), askedAt: 99 }, undefined],
    [{ ...seenThread(9001, "A", { pending: 1 }), askedAt: 101 }, undefined],
    [{ ...seenThread(9001, "A", { levels: { root: "DEBUG" } }), askedAt: 101 }, "good"],
    [{ ...seenThread(9001, "A", { levels: { root: "INFO" } }), askedAt: 101 }, "bad"],
    // It has ended.
    [undefined, "bad"],
  ];
  for (const [thread, tone] of cases) {
    const model = modelOf(...thread === undefined ? [] : [thread as SeenThread]);
    model.awaited.add(pending("9001"));
    settleAwaited(model);
    assertEquals(model.message?.tone, tone);
    assertEquals(model.awaited.size, tone === undefined ? 1 : 0);
  }
});

Deno.test("what was refused is told also once others, which were pending, have it", async () => {
  const key = "a key that nobody has here";
  await using program = new OperatorProgram({ options: { answerTimeout: 1000 } });
  await using keyed = new OperatorProgram({ options: { key } });
  await Promise.all([program.start("W1"), keyed.until("MainProcess", () => true)]);
  const targets = { ports: [program.ports.range, keyed.ports.range] };
  const model = modelOf();
  const setup = { ...model.setup, targets };
  const here = { ...model, setup };
  const watch = new ThreadWatch(here, () => {});
  await watch.look();
  await program.block("W1");
  await new Performer(here).perform(
    { kind: "set", logger: "root", level: "ERROR" },
    [{ targets, words: [], ports: undefined }],
  );
  assertMatch(here.message!.text, /1 rejected, 1 pending, 1 applied/);
  await program.open("W1");
  await program.child.eventually("the outcome of W1", async () => {
    await watch.look();
    return here.awaited.size === 0 || undefined;
  });
  assertMatch(here.message!.text, /applied on 1 more, .*; rejected on .* signed changes only/);
  assertEquals(here.message!.tone, "bad");
});

Deno.test("threads of the same name that share a port are rows of their own, with their own loggers", async () => {
  using ports = PortBlock.claim(1);
  const port = ports.first;
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const thread = { logdial: 1, name: "worker", pid: 7, port: 0, levels: {}, can: ["scope"] };
  const status = { ...thread, name: "Main", port, followers: [thread, thread] };
  const answer = (name: string) => {
    const result = { loggers: [loggerInfo(name, "INFO")], more: 0 };
    return { ...thread, status: "applied", generation: 1, result };
  };
  const ack = { ...answer("of main"), name: "Main", port };
  const followers = [answer("of one"), answer("of the other")];
  const said = (payload: Uint8Array) =>
    new TextDecoder().decode(payload).includes('"worker"') ? { ...ack, meant: false } : ack;
  await using _squatter = new Squatter(port, line(status), async (guest, payload) => {
    await guest.write(new TextEncoder().encode(line({ ...said(payload), followers })));
  });
  const empty = modelOf();
  const model = { ...empty, setup: { ...empty.setup, targets: { ports: ports.range } } };
  const watch = new ThreadWatch(model, () => {});
  await watch.look();
  keepInView(model, 9);
  const named = () => listRows(model)[chosenIndex(model, listRows(model))]!.logger?.name;
  const seen: unknown[] = [];
  for (let count = 0; count < 3; count++) {
    press(model, { kind: "named", name: "right" });
    await watch.lookAtLoggers();
    press(model, { kind: "named", name: "down" });
    seen.push(named());
    press(model, { kind: "named", name: "down" });
  }
  assertEquals(seen, ["of main", "of one", "of the other"]);
});

Deno.test("rates fit into five columns", () => {
  const cases: readonly (readonly [rate: number, text: string])[] = [
    [0, ""],
    [0.04, "<1"],
    [1, "1"],
    [999.4, "999"],
    [999.6, "1.0k"],
    [9_949, "9.9k"],
    [9_951, "10k"],
    [999_499, "999k"],
    [999_501, "1.0M"],
    [123_456_789, "123M"],
  ];
  for (const [rate, text] of cases) assertEquals(rateText(rate), text);
});
