import { assertEquals, assertStringIncludes } from "@std/assert";
import { DevFormatter, type DevFormatterOptions } from "../../src/core/formatters/dev_formatter.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { ListHandler } from "../harness/list_handler.ts";

const ESC = "\x1b";
const ESCAPES = new RegExp(`${ESC}\\[[0-9;]*m|${ESC}\\]8;;[^${ESC}]*${ESC}\\\\`, "g");
const LEVEL_COLOR = new RegExp(`${ESC}\\[([0-9;]+)m[A-Z]{4,} *${ESC}`);

function newTree(options: DevFormatterOptions = {}) {
  const manager = new Manager();
  const handler = new ListHandler();
  const formatter = new DevFormatter(null, "T", "%", true, options);
  manager.root.setLevel("DEBUG");
  manager.root.addHandler(handler);
  const lines = () => handler.records.map((record) => formatter.format(record));
  return { manager, lines };
}

Deno.test("lines for people have columns, fields and a link to their source", () => {
  const { manager, lines } = newTree({ colors: false });
  const log = manager.getLogger("app.database");
  log.debug("query", { table: "users", took: 1.5, tags: ["a"], text: "two words" });
  manager.getLogger("app").with({ requestId: "a1" }).warning("%d rows", 3, {
    extra: { user: "kim" },
  });
  manager.root.info({ user: "kim" });
  manager.root.info("done", "too", "many");
  const shown = lines().map((line) => line.replace(import.meta.filename!, "HERE"))
    .map((line) => line.replace(/HERE:\d+$/, "HERE"));
  assertEquals(shown, [
    'T DEBUG    app.database  query table=users took=1.5 tags=["a"] text="two words"  HERE',
    "T WARNING  app           3 rows user=kim requestId=a1  HERE",
    "T INFO     root           user=kim  HERE",
    "T INFO     root          done too many  HERE",
  ]);
});

Deno.test("each level has its colour, and without colours there is no escape", () => {
  const painted = newTree({ colors: true }), plain = newTree({ colors: false });
  for (const { manager } of [painted, plain]) {
    for (const level of [10, 20, 30, 40, 50]) manager.root.log(level, "up", { a: 1 });
  }
  const colors = painted.lines().map((line) => LEVEL_COLOR.exec(line)?.[1]);
  assertEquals(colors, ["34", "36", "33", "31", "1;41;37"]);
  assertEquals(plain.lines().some((line) => line.includes("\x1b")), false);
  const words = (line: string) => line.replace(ESCAPES, "").split("  ").slice(0, -1).join("  ");
  assertEquals(painted.lines().map(words), plain.lines().map(words));
  assertStringIncludes(painted.lines()[0]!, "\x1b]8;;file://");
});

Deno.test("what is no file has no link, and a link leads to the file", () => {
  const formatter = new DevFormatter(null, "T", "%", true, { colors: true });
  const link = new RegExp(`8;;([^${ESC}]*)#7${ESC}`);
  const linkOf = (pathname: string) =>
    link.exec(formatter.format(new LogRecord("x", 20, pathname, 7, "m")))?.[1];
  const paths = [
    "(unknown file)",
    "(data URL)",
    "node:fs",
    "/srv/a b/c#/d?.ts",
    "/\udc80",
    "https://x.y/z.ts",
  ];
  assertEquals(paths.map(linkOf), [
    undefined,
    undefined,
    undefined,
    "file:///srv/a%20b/c%23/d%3F.ts",
    "file:///%EF%BF%BD",
    "https://x.y/z.ts",
  ]);
});

Deno.test("errors with their causes stand below, in the line nor the fields are any lost", () => {
  const { manager, lines } = newTree({ colors: false, source: false });
  const error = new TypeError("bad", { cause: new Error("network") });
  manager.root.error("failed", error, { err: new RangeError("field"), big: { a: "x".repeat(80) } });
  const [line] = lines();
  assertEquals(line!.split("\n").filter((one) => !/^\s+at /.test(one)), [
    "T ERROR    root  failed",
    "  err: RangeError: field",
    "  big: {",
    `    "a": "${"x".repeat(80)}"`,
    "  }",
    "  TypeError: bad",
    "  Caused by: Error: network",
  ]);
});

Deno.test("no message, name or value can forge a line or turn the terminal", () => {
  const { manager, lines } = newTree({ colors: false, source: false });
  manager.getLogger("a\nb").info("one\ntwo \x1b[31m", { "k\n": "v\n\x1b", e: { x: "\x1b" } });
  manager.root.error("x", new Error("one\x1b[2J"));
  const text = lines().join("\n");
  assertEquals(text.includes("\x1b"), false);
  assertStringIncludes(text, "T INFO     a\\nb  one\n  | two \\x1b[31m k\\n=");
});
