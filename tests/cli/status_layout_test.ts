import { assert, assertEquals } from "@std/assert";
import { setColorEnabled, stripAnsiCode } from "@std/fmt/colors";
import { type Listed, statusLines } from "../../src/cli/answers/status_lines.ts";
import { formatTable } from "../../src/cli/printing/format_table.ts";
import { bold, print, printedWidth, red, redraw } from "../../src/cli/printing/print.ts";
import { wrapAll } from "../../src/cli/printing/wrap.ts";
import { set } from "../../src/client/commands.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { replaced } from "../harness/replaced.ts";

// The package of colours turns them on by itself.
setColorEnabled(false);

const AT = new Date().toISOString();

/** A thread of a program as `status` finds it. */
function thread(port: number, name: string, more: Partial<ThreadStatus> = {}): Listed {
  const change = {
    at: AT,
    by: "set root=ERROR app.db=DEBUG by kim@laptop (127.0.0.1:46044)",
    label: "set root=ERROR app.db=DEBUG",
    user: "kim@laptop",
    reason: "the database has been slow since the morning",
    id: "one",
  };
  const until = new Date(Date.now() + 600_000).toISOString();
  const status: ThreadStatus = {
    ...{ logdial: 1, name, pid: 1_234_567, port, app: "", generation: 1, pending: 0 },
    levels: { root: "ERROR", "app.db": "DEBUG" },
    changed: change,
    overrides: [{ ...change, until }],
    ...more,
  };
  return { port, name, status };
}

const DEMO = [
  thread(9001, "MainProcess"),
  ...[1, 2, 3, 4].map((number) => thread(9001 + number, `Logging Worker #${number}`)),
];

Deno.test("status fits 80 and 40 columns, and says what is equal once", async (t) => {
  await t.step("the demo with a change in force", async () => {
    const lines = await statusLines(DEMO, 80);
    assertEquals(
      lines[1],
      `9001-9005  1234567  ×5 MainProcess, Logging Worker #*  ERROR  app.db=DEBUG`,
    );
    assert(lines[2]!.startsWith("changed "), lines.join("\n"));
    const told = lines.slice(2).join("").replace(/ +/g, " ");
    assert(told.includes('because "the database has been slow since the morning", '), told);
    for (const width of [80, 40]) {
      for (const line of await statusLines(DEMO, width)) {
        assert(printedWidth(line) <= width, `${width}: ${line}`);
      }
    }
  });

  await t.step("28 threads, of which one differs, and CPython's", async () => {
    const many = Array.from({ length: 28 }, (_, at) => thread(9001 + at, `W${at}`));
    many[3] = thread(9004, "W3", { levels: { root: "INFO" } });
    const silent = [9101, 9102, 9103].map((port): Listed => ({ port, kind: "silent" }));
    const lines = await statusLines([...many, ...silent], 80);
    assertEquals(lines.slice(1, 4).map((line) => line.replace(/ +/g, " ")), [
      "9001-9003 9005-9028 1234567 ×27 W* ERROR app.db=DEBUG",
      "9004 1234567 W3 INFO -",
      "9101-9103 ? ×3 CPython ? closes without a word",
    ]);
    assertEquals(lines.filter((line) => line.includes("changed ")).length, 1, lines.join("\n"));
  });

  await t.step("many loggers and wide names go on below", async () => {
    const levels = {
      root: "INFO",
      ...Object.fromEntries(
        Array.from({ length: 19 }, (_, at) => [`app.part${at}`, "DEBUG"]),
      ),
    };
    const lines = await statusLines([thread(9001, "日本語の長い名前".repeat(6), { levels })], 80);
    for (const line of lines) assert(printedWidth(line) <= 80, line);
    for (const name of Object.keys(levels)) {
      assert(name === "root" || lines.join("\n").includes(`${name}=DEBUG`), name);
    }
  });

  await t.step("programs have a column where there are several", async () => {
    const [first, ...others] = DEMO;
    assert(!(await statusLines(DEMO, 80))[0]!.includes("APP"));
    const shop = thread(9030, "MainProcess", { app: "shop" });
    const lines = await statusLines([first!, ...others, shop], 80);
    assert(/^PORT +PID +APP +THREAD /.test(lines[0]!), lines[0]);
    assert(/^9030 +1234567 +shop +MainProcess /.test(lines[2]!), lines[2]);
  });
});

Deno.test("levels have colours, which go on where a line is cut", async () => {
  setColorEnabled(true);
  try {
    const shown: string[] = [];
    using _ = replaced(console, "log", (text: string) => void shown.push(text));
    for (const line of await statusLines([thread(9001, "W")], 80)) print(line);
    assert(shown[1]!.includes("\x1b[31mERROR\x1b[39m"), shown[1]);
    assert(shown[1]!.includes("app.db=\x1b[34mDEBUG\x1b[39m"), shown[1]);
    shown.length = 0;
    for (const line of await wrapAll([`${bold("a")} ${red("one two three")} four`], 9)) print(line);
    assertEquals(shown.map(stripAnsiCode), ["a one two", "  three", "  four"]);
    assertEquals(shown[0], "\x1b[1ma\x1b[22m \x1b[31mone two\x1b[0m");
    assertEquals(shown[1], "  \x1b[31mthree\x1b[39m");
  } finally {
    setColorEnabled(false);
  }
});

Deno.test("a table takes from its widest columns what it needs", async () => {
  const rows = [["PORT", "A", "B"], ["9001", "one two three four", "x"]];
  assertEquals(await formatTable(rows, 24), [
    "PORT  A                B",
    "9001  one two three    x",
    "      four",
  ]);
  // Columns that would be too narrow for words are none.
  assertEquals(await formatTable(rows, 17), ["PORT  A  B", "9001  one two", "  three four  x"]);
  assertEquals(await formatTable(rows), [
    "PORT  A                   B",
    "9001  one two three four  x",
  ]);
});

Deno.test("status --watch shows each change until Ctrl-C", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  const args = ["status", "--watch", "--ports", program.ports.text];
  await using text = ChildProgram.deno("src/cli/main.ts", { args });
  await using json = ChildProgram.deno("src/cli/main.ts", { args: [...args, "--json"] });
  await text.until(/Idle +INFO +-$/);
  await json.until('"levels":{"root":"INFO"}');
  await set({ app: "ERROR" }, { ports });
  await text.until(/Idle +INFO +app=ERROR$/);
  await json.until('"app":"ERROR"');
  for (const child of [text, json]) {
    Deno.kill(child.pid, "SIGINT");
    const { code } = await child.end();
    assertEquals([code, child.stderr.lines], [0, []]);
  }
});

Deno.test("lines are drawn in a terminal that tells no size, and no more than there is room for", () => {
  const drawnIn = (rows: number) => {
    let text = "";
    using _size = replaced(Deno, "consoleSize", () => ({ columns: 0, rows }));
    using _write = replaced(Deno.stdout, "writeSync", (bytes) => {
      text += new TextDecoder().decode(bytes);
      return bytes.length;
    });
    redraw(["one", "two", "three"], false);
    return stripAnsiCode(text).split("\r\n").slice(0, -1);
  };
  assertEquals(drawnIn(0), ["one", "two", "three"]);
  assertEquals(drawnIn(3), ["one", "…"]);
  assertEquals(drawnIn(1), ["…"]);
});
