import { assertEquals } from "@std/assert";
import { HeldKey } from "../../src/cli/top/held_key.ts";
import { type Key, KeyReader } from "../../src/cli/top/keys.ts";
import { type Effect, press } from "../../src/cli/top/press.ts";
import type { TopModel } from "../../src/cli/top/model.ts";
import { newestOverride } from "../../src/cli/top/change_text.ts";
import { quoteWord } from "../../src/core/text/quote_word.ts";
import { loggerInfo, modelOf, seenFollower, seenThread } from "../harness/top_model.ts";

/** Keys in short: names of those that write nothing, texts, and what was pasted. */
function inShort(keys: readonly Key[]): string[] {
  return keys.map((key) =>
    key.kind === "named" ? key.name : key.kind === "text" ? `'${key.text}'` : `paste ${key.text}`
  );
}

Deno.test("a key that is held down is told from one that is pressed again", () => {
  const held = new HeldKey();
  const at = (text: string, now: number) => held.isHeld({ kind: "text", text }, now);
  assertEquals([at("d", 0), at("d", 30), at("d", 129), at("d", 300)], [false, true, true, false]);
  assertEquals([at("e", 310), at("d", 320)], [false, false]);
  assertEquals(held.isHeld({ kind: "named", name: "down" }, 330), false);
  assertEquals(held.isHeld({ kind: "named", name: "down" }, 340), false);
});

Deno.test("keys are read from whatever a terminal sends, also in pieces", () => {
  const cases: readonly (readonly [sent: readonly string[], keys: readonly string[]])[] = [
    [["d!/ ?"], ["'d'", "'!'", "'/'", "' '", "'?'"]],
    [["\x1b[A\x1b[B\x1b[C\x1b[D"], ["up", "down", "right", "left"]],
    [["\x1bOA\x1bOB"], ["up", "down"]],
    [["\x1b[1;5A"], ["up"]],
    [["\x1b", "[A"], ["up"]],
    [["\x1b[", "A"], ["up"]],
    [["\x1b[5", "~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~"], [
      "page up",
      "page down",
      "home",
      "end",
      "home",
      "end",
    ]],
    [["\r\n\t\x7f\b"], ["enter", "enter", "tab", "backspace", "backspace"]],
    [["\x03"], ["interrupt"]],
    [["\x1c"], ["interrupt"]],
    [["\x0c"], ["redraw"]],
    // Alt with a letter turns nothing, nor does a key that is not known.
    [["\x1bd"], []],
    [["\x1b[15~\x1b[Z\x1b[200x\x1bOP\x00\x01"], []],
    [["\x1b\x1b[A"], ["up"]],
    // What a terminal says of itself is no key, whatever letters stand in it.
    [["\x1b]11;rgb:dddd/eeee/dddd\x1b\\i"], ["'i'"]],
    [["\x1b]0;d", "d", "\x1b", "\\\x1bP1$rd!d\x1b\\\x1b_Gi=d\x07\x1bXd\x18\x1b^d\x1b\\i"], ["'i'"]],
    [["\x1b]", "11;rgb:dd\x1b[A"], ["up"]],
    [["\x1bPddd\x03"], ["interrupt"]],
    // Nor is where a mouse clicked, or a key that Linux' console has.
    [["\x1b[M d!i\x1b[M", "d", "de", "i\x1b[<0;10;10M\x1b[[Aw"], ["'i'", "'i'", "'w'"]],
    [["日é👩"], ["'日'", "'é'", "'👩'"]],
    [["\x1b[200~d\ne\x1b[A\x1b[201~i"], ["paste d\ne\x1b[A", "'i'"]],
    [["\x1b[20", "0~dd", "d\x1b[2", "01~"], ["paste ddd"]],
  ];
  for (const [sent, keys] of cases) {
    const reader = new KeyReader();
    const read = sent.flatMap((text) => reader.push(new TextEncoder().encode(text)));
    assertEquals(inShort(read), [...keys], JSON.stringify(sent));
    assertEquals(reader.flush(), [], JSON.stringify(sent));
  }
  // A character in two pieces.
  const reader = new KeyReader(), bytes = new TextEncoder().encode("é");
  assertEquals(reader.push(bytes.subarray(0, 1)), []);
  assertEquals(inShort(reader.push(bytes.subarray(1))), ["'é'"]);
  // Escape is known by what does not follow.
  assertEquals(reader.push(new TextEncoder().encode("\x1b")), []);
  assertEquals(reader.isOpen, true);
  assertEquals(inShort(reader.flush()), ["escape"]);
  // Alt with a key that begins such a text too holds no keys back, nor does one that never ends.
  for (const held of ["\x1b]", "\x1bPx\x1b", `\x1bP${"d".repeat(5000)}\x1b`]) {
    assertEquals(reader.push(new TextEncoder().encode(held)), []);
    assertEquals(reader.isOpen, true);
    assertEquals(reader.flush(), []);
    assertEquals(inShort(reader.push(new TextEncoder().encode("q"))), ["'q'"]);
  }
});

Deno.test("of a paste without an end nothing is taken for keys, however long it is", () => {
  const reader = new KeyReader(), encoder = new TextEncoder();
  assertEquals(reader.push(encoder.encode("\x1b[200~")), []);
  for (let round = 0; round < 50; round++) {
    assertEquals(reader.push(encoder.encode("d".repeat(1000))), []);
  }
  const [paste, ...rest] = reader.push(encoder.encode("\x1b[201~e"));
  assertEquals(paste?.kind, "paste");
  assertEquals((paste as { readonly text: string }).text.length < 3000, true);
  assertEquals(inShort(rest), ["'e'"]);
});

/** Presses keys, given by their names or as texts; the last effect. */
function pressAll(model: TopModel, ...keys: string[]): Effect | undefined {
  const names = ["up", "down", "left", "right", "enter", "escape", "backspace", "home", "end"];
  let effect: Effect | undefined;
  for (const key of keys) {
    effect = press(
      model,
      names.includes(key) ? { kind: "named", name: key as "up" } : { kind: "text", text: key },
    );
  }
  return effect;
}

/** Three threads, of which the second shows two loggers. */
function threeThreads(): TopModel {
  const model = modelOf(
    seenThread(9001, "MainProcess"),
    seenThread(9002, "Worker #1"),
    seenFollower(9001, "Worker *\n'2'"),
  );
  model.loggers.set("9002", {
    list: {
      loggers: [
        loggerInfo("root", "INFO"),
        loggerInfo("app", "INFO"),
        loggerInfo("it's", "INFO"),
        loggerInfo("-v", "INFO"),
      ],
      more: 0,
    },
  });
  return model;
}

Deno.test("keys turn what is chosen, and the line below says the same as a command", () => {
  const END = "--for 10m";
  const cases: readonly (readonly [keys: readonly string[], command: string, logger?: string])[] = [
    [["d"], `logdial set root=DEBUG ${END} --port 9001`, "root"],
    [["i"], `logdial set root=INFO ${END} --port 9001`, "root"],
    [["w"], `logdial set root=WARNING ${END} --port 9001`, "root"],
    [["e"], `logdial set root=ERROR ${END} --port 9001`, "root"],
    [["c"], `logdial set root=CRITICAL ${END} --port 9001`, "root"],
    [["n"], `logdial set root=NOTSET ${END} --port 9001`, "root"],
    [["down", "d"], `logdial set root=DEBUG ${END} --port 9002`, "root"],
    [["down", "right", "down", "d"], `logdial set app=DEBUG ${END} --port 9002`, "app"],
    [["down", "enter", "down", "down", "d"], `logdial set 'it'\\''s=DEBUG' ${END} --port 9002`],
    [["down", "enter", "down", "down", "down", "d"], `logdial set ${END} --port 9002 -- -v=DEBUG`],
    [["down", "right", "down", "left", "d"], `logdial set root=DEBUG ${END} --port 9002`],
    [["end", "d"], `logdial set root=DEBUG ${END} --name 'Worker **'\\''2'\\''' --pid 4711`],
    [["end", "home", "d"], `logdial set root=DEBUG ${END} --port 9001`],
    [["!", "d"], `logdial set root=DEBUG ${END}`],
    [["!", "!", "d"], `logdial set root=DEBUG ${END} --port 9001`],
    [["!", "escape", "d"], `logdial set root=DEBUG ${END} --port 9001`],
    [["/", "#", "enter", "!", "d"], `logdial set root=DEBUG ${END} --port 9002`],
    [
      ["/", "9", "enter", "!", "d"],
      [
        `logdial set root=DEBUG ${END} --ports 9001,9002`,
        `logdial set root=DEBUG ${END} --name 'Worker **'\\''2'\\''' --pid 4711`,
      ].join("; "),
    ],
    [["r"], "logdial rollback --port 9001"],
    [["R"], "logdial reset --port 9001"],
    [["!", "R"], "logdial reset"],
    [[" "], "logdial tail --port 9001"],
    [["down", "right", "down", " "], "logdial tail --logger app --port 9002"],
    [["!", " "], "logdial tail"],
  ];
  for (const [keys, command, logger] of cases) {
    const model = threeThreads(), effect = pressAll(model, ...keys);
    assertEquals(model.command, command, keys.join());
    assertEquals(effect?.kind, command.includes(" tail") ? "tail" : "change", keys.join());
    if (logger !== undefined && effect?.kind === "change" && effect.change.kind === "set") {
      assertEquals(effect.change.logger, logger, keys.join());
    }
    // It holds for one key only.
    assertEquals(model.isForAll, false);
  }
});

Deno.test("nothing is turned by a paste, while a filter is typed, or in the help", () => {
  const model = threeThreads();
  for (const letter of ["d", "e", "q", "!", "r"]) {
    assertEquals(press(model, { kind: "paste", text: letter }), undefined);
  }
  assertEquals(pressAll(model, "/", "d", "q", "r", "!", " "), undefined);
  assertEquals(model.filter, "dqr! ");
  pressAll(model, "backspace", "backspace");
  assertEquals([model.filter, model.mode], ["dqr", "filter"]);
  assertEquals(press(model, { kind: "paste", text: "x" }), undefined);
  assertEquals(model.filter, "dqrx");
  pressAll(model, "escape");
  assertEquals([model.filter, model.mode], ["", "list"]);
  assertEquals(pressAll(model, "?", "d"), undefined);
  assertEquals(model.mode, "list");
  assertEquals(model.command, "");
  assertEquals(pressAll(model, "?", "q")?.kind, "quit");
  assertEquals(pressAll(model, "q")?.kind, "quit");
  assertEquals(press(model, { kind: "named", name: "interrupt" })?.kind, "quit");
});

Deno.test("space ends the tail of what is followed, and follows something else", () => {
  const model = threeThreads();
  assertEquals(pressAll(model, " ")?.kind, "tail");
  model.tail = { title: "", id: model.command, lines: [] };
  assertEquals(pressAll(model, " ")?.kind, "tail ends");
  assertEquals(pressAll(model, "down", " ")?.kind, "tail");
});

Deno.test("a screen without threads takes every key", () => {
  const model = modelOf();
  for (const key of ["down", "up", "right", "left", "enter", "d", "!", "d", " ", "r", "R", "end"]) {
    assertEquals(pressAll(model, key), undefined, key);
  }
});

Deno.test("a line that is pasted into the filter is taken without its end", () => {
  const model = threeThreads();
  press(model, { kind: "text", text: "/" });
  press(model, { kind: "paste", text: " app.db\r\n" });
  assertEquals(model.filter, "app.db");
  press(model, { kind: "paste", text: "x\x1b[A\ny" });
  press(model, { kind: "text", text: " " });
  assertEquals(model.filter, "app.dbx ");
});

Deno.test("the change of a logger is found, whatever its name", () => {
  const names = ["app", "sp ace", "quo'te", "back\\slash", "a=b"];
  const overrides = names.map((name) => ({
    at: "2026-11-28T12:00:00.000Z",
    by: "kim",
    until: "2026-11-28T12:10:00.000Z",
    label: ["set", `${name}=DEBUG`, "other=INFO"].map(quoteWord).join(" "),
  }));
  const status = seenThread(9001, "MainProcess", { overrides }).status!;
  for (const [at, name] of names.entries()) {
    assertEquals(newestOverride(status, name), overrides[at], name);
  }
  assertEquals(newestOverride(status, "ace"), undefined);
});
