import { assert, assertEquals, assertThrows } from "@std/assert";
import { Logger, type LoggerContext } from "../../src/core/loggers/logger.ts";
import { Manager, PlaceHolder } from "../../src/core/loggers/manager.ts";

/** Name of each logger's parent, in the order in which the loggers came up. */
function parents(manager: Manager): Record<string, string | undefined> {
  return Object.fromEntries(
    [...manager.loggerDict].flatMap(([name, one]) =>
      one instanceof Logger ? [[name, one.parent?.name]] : []
    ),
  );
}

Deno.test("names in between are placeholders until someone asks for them", () => {
  const manager = new Manager();
  const leaf = manager.getLogger("a.b.c");
  const other = manager.getLogger("a.x");
  const a = manager.loggerDict.get("a") as PlaceHolder;
  assert(a instanceof PlaceHolder);
  assertEquals([...a.loggers], [leaf, other]);
  assertEquals([...manager.loggerDict.keys()], ["a.b.c", "a.b", "a", "a.x"]);
  manager.getLogger("a.b");
  assertEquals(parents(manager), { "a.b.c": "a.b", "a.b": "root", "a.x": "root" });
  manager.getLogger("a");
  assertEquals(parents(manager), { "a.b.c": "a.b", "a.b": "a", "a": "root", "a.x": "a" });
});

Deno.test("dots at odd places make the parents that CPython makes", async (t) => {
  const cases: { names: string[]; expected: Record<string, string>; held?: string[] }[] = [
    { names: ["a", "a..b"], expected: { a: "root", "a..b": "root" }, held: ["a."] },
    { names: ["a..b", "a."], expected: { "a..b": "a.", "a.": "root" }, held: ["a"] },
    { names: [".", ".a"], expected: { ".": "root", ".a": "root" } },
    { names: ["a.", "a"], expected: { "a.": "a", a: "root" } },
    { names: ["a...b", "a"], expected: { "a...b": "a", a: "root" }, held: ["a.."] },
    { names: ["a b.c", "a b"], expected: { "a b.c": "a b", "a b": "root" } },
  ];
  for (const { names, expected, held = [] } of cases) {
    await t.step(names.join(" "), () => {
      const manager = new Manager();
      for (const name of names) manager.getLogger(name);
      assertEquals(parents(manager), expected);
      const holders = [...manager.loggerDict].filter(([, one]) => one instanceof PlaceHolder);
      assertEquals(holders.map(([name]) => name), held);
    });
  }
});

Deno.test("levels of a parent that comes up late count at once", () => {
  const manager = new Manager();
  const leaf = manager.getLogger("a..b");
  manager.getLogger("a").setLevel("DEBUG");
  assertEquals([leaf.getEffectiveLevel(), leaf.isEnabledFor("DEBUG")], [30, false]);
  manager.getLogger("a.");
  assertEquals([leaf.getEffectiveLevel(), leaf.isEnabledFor("DEBUG")], [10, true]);
});

Deno.test("getChild() appends a name, and is the way to a logger that is called root", () => {
  const manager = new Manager();
  assertEquals(manager.root.getChild("a.b"), manager.getLogger("a.b"));
  assertEquals(manager.getLogger("a").getChild("b"), manager.getLogger("a.b"));
  const root = manager.root.getChild("root");
  assert(root !== manager.root);
  assertEquals(root.parent, manager.root);
  assertEquals(manager.getLogger("root"), manager.root);
});

Deno.test("getChildren() gives the loggers right below", () => {
  const manager = new Manager();
  const [b, c, deep] = [
    manager.getLogger("a.b"),
    manager.getLogger("a.c"),
    manager.getLogger("x.y.z"),
  ];
  const a = manager.getLogger("a");
  assertEquals(a.getChildren(), new Set([b, c]));
  assertEquals(manager.root.getChildren(), new Set([a]));
  assertEquals(deep.getChildren(), new Set());
});

Deno.test("names that are no text are refused", () => {
  const manager = new Manager();
  for (const name of [5, {}, ["a"], true, Symbol("x")]) {
    assertThrows(() => manager.getLogger(name as string), TypeError, "must be a string");
  }
});

Deno.test("a logger class of the program's own", () => {
  class Tracing extends Logger {
    readonly made: string;
    constructor(name: string, context: LoggerContext) {
      super(name, context);
      this.made = `for ${name}`;
    }
  }
  const manager = new Manager();
  const before = manager.getLogger("before");
  manager.loggerClass = Tracing;
  assertEquals((manager.getLogger("a.b") as Tracing).made, "for a.b");
  assert(!(before instanceof Tracing));
  assertEquals(`${manager.getLogger("a.b")}`, "<Tracing a.b (WARNING)>");
});
