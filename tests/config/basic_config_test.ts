import { assert, assertEquals, assertThrows } from "@std/assert";
import { applyBasicConfig, type BasicConfigOptions } from "../../src/config/basic_config.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";

/** A tree, and a stream that keeps what is written to it. */
function newTree() {
  const lines: string[] = [];
  const stream = { write: (text: string) => void lines.push(text) };
  return { manager: new Manager(), stream, lines };
}

Deno.test("basicConfig() sets up the root", async (t) => {
  const cases: { desc: string; options: BasicConfigOptions; expected: string }[] = [
    { desc: "by default", options: {}, expected: "WARNING:root:hello\n" },
    { desc: "format", options: { format: "%(message)s!" }, expected: "hello!\n" },
    { desc: "an empty format", options: { format: "" }, expected: "hello\n" },
    { desc: "brace style", options: { style: "{" }, expected: "WARNING:root:hello\n" },
    { desc: "dollar style", options: { style: "$" }, expected: "WARNING:root:hello\n" },
    {
      desc: "datefmt",
      options: { format: "%(asctime)s %(message)s", datefmt: "then" },
      expected: "then hello\n",
    },
    { desc: "level", options: { level: "ERROR" }, expected: "" },
    { desc: "null as level", options: { level: null }, expected: "WARNING:root:hello\n" },
  ];
  for (const { desc, options, expected } of cases) {
    await t.step(desc, () => {
      const { manager, stream, lines } = newTree();
      applyBasicConfig(manager, { stream, ...options });
      manager.root.warning("hello");
      assertEquals(lines.join(""), expected);
    });
  }
});

Deno.test("basicConfig() leaves a root with handlers alone, even with wrong options", () => {
  const { manager, stream, lines } = newTree();
  applyBasicConfig(manager, { stream });
  applyBasicConfig(manager, { style: "?", level: "LOUD" } as unknown as BasicConfigOptions);
  applyBasicConfig(manager, null as unknown as BasicConfigOptions);
  manager.root.error("x");
  assertEquals(lines, ["ERROR:root:x\n"]);
});

Deno.test("force replaces the handlers, closes them, and takes their names", () => {
  const { manager, stream } = newTree();
  applyBasicConfig(manager, { stream });
  const [old] = manager.root.handlers;
  let closed = 0;
  old!.close = () => void closed++;
  manager.namedHandlers.set("old", old!);
  applyBasicConfig(manager, { stream, force: true });
  assertEquals([closed, manager.root.handlers.includes(old!), manager.namedHandlers.size], [
    1,
    false,
    0,
  ]);
});

Deno.test("force closes the handlers in their order, as CPython does", () => {
  const { manager, stream } = newTree();
  const closed: string[] = [];
  for (const name of ["first", "second", "third"]) {
    const handler = new StreamHandler(stream);
    handler.close = () => void closed.push(name);
    manager.root.addHandler(handler);
  }
  applyBasicConfig(manager, { stream, force: true });
  assertEquals(closed, ["first", "second", "third"]);
});

Deno.test("handlers get the formatter unless they have one", () => {
  const { manager, stream, lines } = newTree();
  const own = new StreamHandler(stream);
  own.setFormatter(new Formatter("own %(message)s"));
  applyBasicConfig(manager, {
    handlers: [new StreamHandler(stream), own],
    format: "f %(message)s",
  });
  manager.root.error("x");
  assertEquals(lines, ["f x\n", "own x\n"]);
});

Deno.test("basicConfig() refuses options as a whole", async (t) => {
  const stream = { write() {} };
  const cases: { desc: string; options: Record<string, unknown>; says: string }[] = [
    { desc: "stream and handlers", options: { stream, handlers: [] }, says: "give one of them" },
    { desc: "stream and filename", options: { stream, filename: "x" }, says: "give one of them" },
    { desc: "filemode and handlers", options: { filemode: "w", handlers: [] }, says: "filename" },
    { desc: "filename and handlers", options: { filename: "x", handlers: [] }, says: "give one" },
    { desc: "one handler", options: { handlers: new StreamHandler() }, says: "a list of handlers" },
    {
      desc: "a handler's class",
      options: { handlers: [new StreamHandler(), StreamHandler] },
      says: "Cannot use a function as a handler of basicConfig: give one that is made",
    },
    { desc: "an unknown option", options: { colour: 1 }, says: 'Cannot use option "colour"' },
    { desc: "an unknown style", options: { style: "?" }, says: "must be one of %, {, $" },
    { desc: "an unknown level", options: { level: "LOUD" }, says: 'unknown level "LOUD"' },
    { desc: "a format without a field", options: { format: "x" }, says: "format" },
    {
      desc: "no handler",
      options: { handlers: [{}] },
      says: "Cannot use an object as a handler of basicConfig",
    },
    {
      desc: "null as handler",
      options: { handlers: [null] },
      says: "Cannot use null as a handler of basicConfig",
    },
  ];
  for (const { desc, options, says } of cases) {
    await t.step(desc, () => {
      const { manager } = newTree();
      assertThrows(() => applyBasicConfig(manager, options as BasicConfigOptions), Error, says);
      assertEquals([manager.root.handlers.length, manager.root.level], [0, 30]);
      const old = new NullHandler();
      old.close = () => assert(false, "what stays is closed");
      manager.root.addHandler(old);
      const all = { ...options, force: true } as BasicConfigOptions;
      assertThrows(() => applyBasicConfig(manager, all), Error, says);
      assertEquals(manager.root.handlers, [old]);
    });
  }
});

Deno.test("filename, filemode, encoding and errors", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const cases: { desc: string; options: BasicConfigOptions; expected: string }[] = [
      { desc: "appends by default", options: {}, expected: "old\nWARNING:root:é\n" },
      { desc: "mode w", options: { filemode: "w" }, expected: "WARNING:root:é\n" },
      {
        desc: "another encoding, what it does not have as an escape",
        options: { filemode: "w", encoding: "ascii" },
        expected: "WARNING:root:\\xe9\n",
      },
      {
        desc: "errors",
        options: { filemode: "w", encoding: "ascii", errors: "replace" },
        expected: "WARNING:root:?\n",
      },
    ];
    for (const { desc, options, expected } of cases) {
      await t.step(desc, async () => {
        const filename = `${folder}/${crypto.randomUUID()}.log`;
        await Deno.writeTextFile(filename, "old\n");
        const manager = new Manager();
        applyBasicConfig(manager, { filename, ...options });
        manager.root.warning("é");
        manager.root.handlers[0]!.close();
        assertEquals(await Deno.readTextFile(filename), expected);
      });
    }
    const manager = new Manager();
    assertThrows(() => applyBasicConfig(manager, { filename: `${folder}/no/x` }));
    assertEquals(manager.root.handlers, []);
    applyBasicConfig(manager, { filename: "", force: true });
    assertEquals(manager.root.handlers[0] instanceof FileHandler, false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
