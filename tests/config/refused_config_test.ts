import { assert, assertEquals, assertThrows } from "@std/assert";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { defaultRegistry, standardRegistry } from "../../src/config/build/registry.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { PRESETS } from "../../src/presets.ts";

/** Applies a text as a listener does. */
function apply(manager: Manager, text: string): void {
  const spec = readConfigText(text, (name) => defaultRegistry.object(name));
  applyConfig(manager, spec, defaultRegistry);
}

/** A `.conf` with some lines replaced. */
function conf(...changes: [from: string, to: string][]): string {
  let text = PRESETS.info;
  for (const [from, to] of changes) {
    assert(text.includes(from), from);
    text = text.replace(from, to);
  }
  return text;
}

const FORMATTER = "class: logging.ColorFormatter", HANDLER = "class: logging.StreamHandler";

/** A path as a value: a single % would be taken for an interpolation. */
function inConf(path: string): string {
  return path.replaceAll("%", "%%");
}

Deno.test("what is refused is named with section, key, line and rule, and changes nothing", async (t) => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/new.log`;
  const old = `${folder}/old.log`;
  await Deno.writeTextFile(old, "kept\n");
  const cases = [
    {
      desc: "unknown handler class",
      text: conf([HANDLER, "class: logging.StreamHandlr"]),
      place: { section: "handler_console", key: "class" },
      says: "unknown class",
    },
    {
      desc: "class that differs in case only",
      text: conf([HANDLER, "class: logging.streamhandler"]),
      place: { section: "handler_console", key: "class" },
      says: 'did you mean "logging.StreamHandler"?',
    },
    {
      desc: "unknown formatter class",
      text: conf([FORMATTER, "class: logging.Formater"]),
      place: { section: "formatter_default", key: "class" },
      says: "unknown class",
    },
    {
      desc: "unknown level",
      text: conf(["level: INFO\nhandlers", "level: LOUD\nhandlers"]),
      place: { section: "logger_root", key: "level" },
      says: 'unknown level "LOUD"',
    },
    {
      desc: "level in lower case",
      text: conf(["level: INFO\nhandlers", "level: info\nhandlers"]),
      place: { section: "logger_root", key: "level" },
      says: 'did you mean "INFO"?',
    },
    {
      desc: "handler that nobody defines",
      text: conf(["handlers: console", "handlers: consol"]),
      place: { section: "logger_root", key: "handlers" },
      says: "consol",
    },
    {
      desc: "args that are no tuple",
      text: conf(["args: (sys.stdout,)", "args: (sys.stdout)"]),
      place: { section: "handler_console", key: "args" },
      says: "tuple",
    },
    {
      desc: "code in args",
      text: conf(["args: (sys.stdout,)", "args: (open('/etc/passwd'),)"]),
      place: { section: "handler_console", key: "args" },
      says: "no code is evaluated",
    },
    {
      desc: "format without a field",
      text: conf(["format: '$YELLOW%(asctime)s", "datefmt: %H\nformat: nothing\nx: '"]),
      place: { section: "formatter_default" },
      says: "Invalid format",
    },
    {
      desc: "a file made before the mistake is found",
      text: conf(
        ["keys=console", "keys=file,console"],
        [
          "[logger_root]",
          `[handler_file]\nclass: FileHandler\nargs: ('${inConf(file)}',)\n\n[logger_root]`,
        ],
        [HANDLER, "class: no.Such"],
      ),
      place: { section: "handler_console", key: "class" },
      says: "unknown class",
    },
    {
      desc: "a file that would have been emptied",
      text: conf(
        ["keys=console", "keys=file,console"],
        [
          "[logger_root]",
          `[handler_file]\nclass: FileHandler\nargs: ('${inConf(old)}', 'w')\n\n[logger_root]`,
        ],
        [HANDLER, "class: no.Such"],
      ),
      place: { section: "handler_console", key: "class" },
      says: "unknown class",
    },
    {
      desc: "a file that cannot be opened",
      text: conf(
        [HANDLER, "class: FileHandler"],
        ["args: (sys.stdout,)", `args: ('${inConf(folder)}/no/such/folder.log',)`],
      ),
      place: { section: "handler_console" },
      says: "folder.log",
    },
  ];
  const manager = new Manager();
  apply(manager, PRESETS.error);
  manager.getLogger("app.db").setLevel("DEBUG");
  const before = describeConfig(manager, defaultRegistry);
  const handlers = [...manager.root.handlers];
  for (const { desc, text, place, says } of cases) {
    await t.step(desc, () => {
      const error = assertThrows(() => apply(manager, text), ConfigError, says) as ConfigError;
      assertEquals({ ...place, section: error.section, key: place.key && error.key }, {
        ...place,
        key: place.key,
      });
      assert(error.line !== undefined, error.message);
      assertEquals(describeConfig(manager, defaultRegistry), before);
      assertEquals(manager.root.handlers, handlers);
    });
  }
  assertThrows(() => Deno.statSync(file), Deno.errors.NotFound);
  assertEquals(await Deno.readTextFile(old), "kept\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a configuration that is refused late closes what it has made", async (t) => {
  const folder = await Deno.makeTempDir(), filename = `${folder}/new.log`;
  let opened = 0, closed = 0;
  const registry = standardRegistry();
  registry.registerHandler(
    "spy",
    class extends NullHandler {
      readonly number = ++opened;

      override close(): void {
        closed++;
      }
    },
  );
  const handlers = { spy: { class: "spy" }, file: { class: "logging.FileHandler", filename } };
  const dict = { version: 1, handlers, root: { handlers: ["spy", "file"] } };
  const cases = [
    { says: 'unknown level "DEBG"', more: { logdial: { record: "app=DEBG" } }, isBefore: true },
    { says: 'unknown level "WARNIN"', more: { root: { level: "WARNIN" } } },
    { says: 'formatter "none"', more: { handlers: { ...handlers, two: { formatter: "none" } } } },
    { says: 'handler "none"', more: { loggers: { app: { handlers: ["none"] } } } },
    { says: 'filter "none"', more: { handlers: { spy: { class: "spy", filters: ["none"] } } } },
  ];
  for (const { says, more, isBefore = false } of cases) {
    await t.step(says, () => {
      [opened, closed] = [0, 0];
      const spec = readConfigText(JSON.stringify({ ...dict, ...more }), () => undefined);
      assertThrows(() => applyConfig(new Manager(), spec, registry), ConfigError, says);
      assertEquals([opened, closed], isBefore ? [0, 0] : [1, 1]);
      assertThrows(() => Deno.statSync(filename), Deno.errors.NotFound);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a configuration read back is the same configuration", () => {
  const manager = new Manager();
  apply(manager, PRESETS.info);
  manager.getLogger("app").setLevel("DEBUG");
  const before = describeConfig(manager, defaultRegistry);
  const other = new Manager();
  apply(other, JSON.stringify(before));
  assertEquals(describeConfig(other, defaultRegistry), before);
});
