import { assert, assertEquals, assertThrows } from "@std/assert";
import { dictConfig } from "../../src/config/dict_config.ts";
import { fileConfig } from "../../src/config/file_config.ts";
import { parseConfigText } from "../../src/config/text/config_text.ts";
import { COMMANDS, EXTENSION_WORDS } from "../../src/config/text/extension_words.ts";
import { readExtensions, withExtensions } from "../../src/config/text/extensions.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { VARIABLES } from "../../src/hub/environment_options.ts";
import { readFrameText } from "../../src/wire/command.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const CONF = taggedConfig("WORDS", "DEBUG");

const asJson = (logdial: unknown) => JSON.stringify({ version: 1, incremental: true, logdial });
const asIni = (...lines: string[]) => `${CONF}\n[logdial]\n${lines.join("\n")}\n`;

Deno.test("the pages on the protocol and on turning levels have each word that a frame may say", () => {
  const page = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
  const [protocol, turning] = [page("src/wire/README.md"), page("examples/turning_levels.md")];
  const missing = (text: string, words: readonly string[]) =>
    words.filter((word) => !text.includes(`\`${word}\``));
  assertEquals(missing(protocol, EXTENSION_WORDS), []);
  assertEquals(missing(protocol, Object.keys(COMMANDS)), []);
  const asFunctions = turning.slice(turning.indexOf("## As functions"));
  assertEquals(missing(asFunctions, EXTENSION_WORDS.filter((word) => word !== "command")), []);
});

Deno.test("the words on LOGGER tell what each variable is for", () => {
  const file = new URL("../../src/logger.ts", import.meta.url);
  const [told] = Deno.readTextFileSync(file).match(/^\/\*\*[^]*?\*\//)!;
  assertEquals(VARIABLES.filter((name) => !told.includes(`\`LOGDIAL_${name}\``)), []);
});

Deno.test("a word that is not known, not supported or has a wrong value is refused by name", async (t) => {
  const cases: { desc: string; text: string; says: string }[] = [
    {
      desc: "misspelt",
      text: asJson({ lable: "x" }),
      says: '"lable": it is unknown, did you mean "label"?',
    },
    { desc: "misspelt in a .conf", text: asIni("expire = 2s"), says: 'did you mean "expires"?' },
    {
      desc: "another letter case",
      text: asJson({ Expires: "2s" }),
      says: 'did you mean "expires"?',
    },
    {
      desc: "unlike all",
      text: asJson({ colour: 1 }),
      says: '"colour": it is unknown, known are label',
    },
    { desc: "of the prototype", text: asJson({ toString: 1 }), says: '"toString": it is unknown' },
    { desc: "where", text: asJson({ where: "user=42" }), says: "an object of 1 to 20 texts" },
    { desc: "no lines", text: asIni("lines = 0"), says: "whole number, 1 to 1000000000" },
    { desc: "lines in words", text: asIni("lines = many"), says: "whole number, 1 to 1000000000" },
    {
      desc: "a scope of a whole configuration",
      text: asIni('where = {"user": "42"}'),
      says: '"where": only a change of levels',
    },
    { desc: "a sample", text: asJson({ sample: "2/10" }), says: "like 1/100" },
    { desc: "sample", text: asIni("sample = 1/10"), says: '"sample": only a change of levels' },
    { desc: "match", text: asIni("match = x"), says: '"match": only a change of levels' },
    { desc: "label", text: asJson({ label: 5 }), says: "Cannot use label 5: it must be a text" },
    { desc: "id", text: asJson({ id: "x".repeat(65) }), says: "1 to 64 characters" },
    { desc: "to", text: asJson({ to: { name: "A", pid: 5 } }), says: '"pid" is unknown' },
    {
      desc: "to names without end",
      text: asJson({ to: { name: "*".repeat(1001) } }),
      says: "its name must be a text of 1 to 1000 characters",
    },
    {
      desc: "to a port",
      text: asJson({ to: { port: "9001" } }),
      says: "port must be from 1 to 65535",
    },
    { desc: "to in a .conf", text: asIni("to = 9001"), says: "it must be an object like" },
    { desc: "expires", text: asJson({ expires: [5] }), says: "it must be a duration" },
    { desc: "expires never", text: asJson({ expires: null }), says: "it must be a duration" },
    { desc: "forever", text: asJson({ forever: "maybe" }), says: "Cannot use forever" },
    { desc: "open", text: asJson({ open: [1] }), says: "it must be true, false or a list" },
    { desc: "no object", text: asJson(["label"]), says: "it must be an object" },
    {
      desc: "the section itself",
      text: `${CONF}\n[logdail]\nexpires = 2s\n`,
      says: 'did you mean "logdial"?',
    },
    {
      desc: "the key itself",
      text: '{"version": 1, "LogDial": {}}',
      says: 'did you mean "logdial"?',
    },
    {
      desc: "a command",
      text: '{"logdial": {"command": "rest"}}',
      says: '"rest": it is unknown, did you mean "reset"?',
    },
    { desc: "no command", text: '{"logdial": {"command": ["reset"]}}', says: "it must be a text" },
    {
      desc: "a parameter",
      text: '{"logdial": {"command": "rollback", "step": 2}}',
      says: 'did you mean "steps"?',
    },
    {
      desc: "a parameter of another command",
      text: '{"logdial": {"command": "reset", "steps": 2}}',
      says: '"steps": it is unknown',
    },
    {
      desc: "an end of what is no change",
      text: '{"logdial": {"command": "reset", "expires": "2s"}}',
      says: '"expires": not with this command',
    },
    {
      desc: "a configuration beside a command",
      text: '{"version": 1, "root": {"level": "DEBUG"}, "logdial": {"command": "get"}}',
      says: '"version" stands beside it',
    },
    {
      desc: "handlers to be opened by a whole configuration",
      text: asIni("open = my.Alert"),
      says: "Cannot open handlers: only a change of levels can",
    },
    {
      desc: "handlers to be opened by a whole dict",
      text: JSON.stringify({ version: 1, logdial: { open: ["my.Alert"] } }),
      says: "Cannot open handlers: only a change of levels can",
    },
    {
      desc: "in the configuration of a command",
      text: JSON.stringify({ logdial: { command: "check", config: asIni("lable = x") } }),
      says: 'did you mean "label"?',
    },
  ];
  for (const { desc, text, says } of cases) {
    await t.step(desc, () => {
      assertThrows(() => readFrameText(text), ConfigError, says);
      const isIni = !text.startsWith("{");
      // What the program loads itself is no exception, but for commands, which are none there.
      if (isIni) assertThrows(() => fileConfig(text), ConfigError, says);
      else if (!text.includes("command")) {
        assertThrows(() => dictConfig(JSON.parse(text)), ConfigError, says);
      }
    });
  }
});

Deno.test("an unknown word of a .conf is told with its line", () => {
  const error = assertThrows(() => fileConfig(asIni("label = x", "lable = y")), ConfigError);
  const { section, key, line } = error;
  assertEquals([section, key], ["logdial", "lable"]);
  assertEquals(asIni("label = x", "lable = y").split("\n")[line! - 1], "lable = y");
});

Deno.test("known words are read alike from JSON and from a .conf", () => {
  const json = readExtensions(parseConfigText(asJson({
    label: "night shift",
    by: "kim@laptop",
    reason: "too quiet",
    id: "7",
    to: { name: "Worker*", app: "shop", port: 9001 },
    expires: "10m",
    wait: 2,
    forever: true,
    open: false,
  })));
  const ini = readExtensions(parseConfigText(asIni(
    "label = night shift",
    "by = kim@laptop",
    "reason = too quiet",
    "id = 7",
    'to = {"name": "Worker*", "app": "shop", "port": 9001}',
    "expires = 10m",
    "wait = 2",
    "forever = yes",
    "open = no",
  )));
  assertEquals(json, ini);
  assertEquals([json.expires, json.wait, json.open], [600_000, 2000, false]);
});

Deno.test("options of [DEFAULT] are not said to logdial", () => {
  const text = `[DEFAULT]\nhere = /tmp\nlabel = shared\n${asIni("expires = 5s")}`;
  assertEquals(readExtensions(parseConfigText(text)), { expires: 5000 });
});

Deno.test("what a sender adds is read, and leaves what stands there as it is", async (t) => {
  const cases: { desc: string; text: string; expires?: number; label?: string }[] = [
    { desc: "no section", text: CONF },
    { desc: "a section", text: asIni("expires = 5s"), expires: 5000 },
    { desc: "an indented one", text: asIni("    expires = 5s"), expires: 5000 },
    { desc: "an indented header behind", text: `${asIni()}  [other]\nx = 1\n` },
    { desc: "a label of its own", text: asIni("label = mine"), label: "mine" },
    { desc: "a dict", text: asJson({ expires: "5s" }), expires: 5000 },
  ];
  const to = { name: "Logging Worker #*, 50% [x]", port: 9001 };
  for (const { desc, text, expires, label = "100% sure" } of cases) {
    await t.step(desc, () => {
      const sent = withExtensions(text, { label: "100% sure", id: "1", to });
      const { extensions, command } = readFrameText(sent);
      assertEquals(command.kind, "change");
      assertEquals(extensions, { label, id: "1", to, ...expires === undefined ? {} : { expires } });
      if (desc.includes("header")) {
        assert(parseConfigText(sent).kind === "ini" && /other/.test(sent));
      }
    });
  }
});

Deno.test("a configuration that is prepared may say for itself when it ends", () => {
  const config = asIni("expires = 5s", "label = mine");
  const text = JSON.stringify({
    logdial: { command: "prepare", transaction: "1", label: "outer", config },
  });
  const { expires, label } = readFrameText(text).extensions;
  assertEquals([expires, label], [5000, "outer"]);
});

Deno.test("a change for some log calls is taken in a command only, which older listeners refuse", () => {
  const config = asJson({ where: { user: 42 }, lines: 7 });
  assertThrows(() => readFrameText(config), ConfigError, "send it by the command scope");
  const frame = readFrameText(JSON.stringify({ logdial: { command: "scope", config } }));
  assertEquals([frame.command.kind, frame.extensions.lines], ["change", 7]);
  for (const unfit of [asJson({}), asIni("label = x")]) {
    const text = JSON.stringify({ logdial: { command: "scope", config: unfit } });
    assertThrows(() => readFrameText(text), ConfigError, "says where, sample or match");
  }
});

Deno.test("handlers may be opened by levels in OpenTelemetry's form, and beside a command", () => {
  for (
    const said of [{ file_format: "1.0", logdial: { open: true } }, {
      logdial: { command: "prepare", transaction: "1", open: true },
    }]
  ) {
    assertEquals(readExtensions(parseConfigText(JSON.stringify(said))).open, true);
  }
});
