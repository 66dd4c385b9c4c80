import { assert, assertEquals, assertThrows } from "@std/assert";
import { HOSTILE, unseenIn, withoutColors } from "../harness/hostile_text.ts";
import { dictConfig, fileConfig, getConfig, stringifyConfig } from "../../mod.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { ColorFormatter } from "../../src/core/formatters/color_formatter.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import {
  visible,
  visibleBlock,
  visibleDocument,
  visibleJson,
} from "../../src/core/text/visible.ts";

Deno.test("visible shows what a terminal obeys or hides, and nothing else", () => {
  const cases: [text: string, shown: string][] = [
    ["plain text, äöü 日本語 \\x1b", "plain text, äöü 日本語 \\x1b"],
    ["\x00\x1b[2J\x07", "\\x00\\x1b[2J\\x07"],
    ["a\r\n\tb", "a\\r\\n\\tb"],
    ["\x7f\x85\x9b31m", "\\x7f\\x85\\x9b31m"],
    ["\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"],
    ["\u2028\u2029", "\\u2028\\u2029"],
    ["adm\u200bi\u200dn\u00ad\u2060\ufeff", "adm\\u200bi\\u200dn\\xad\\u2060\\ufeff"],
    ["\u{e0041}\u{e0100}", "\\u{e0041}\\u{e0100}"],
    ["1\ufe0f a\ufe0e", "1\\ufe0f a\\ufe0e"],
    ["\ud800 \udfff", "\\ud800 \\udfff"],
    ["\uffff\u{1ffff}", "\\uffff\\u{1ffff}"],
    ["⚠️ 👩🏽‍🚒 👨‍👩‍👧 🇩🇪", "⚠️ 👩🏽‍🚒 👨‍👩‍👧 🇩🇪"],
    ["e\u0301 नी", "e\u0301 नी"],
  ];
  for (const [text, shown] of cases) {
    assertEquals(visible(text), shown);
    assertEquals(visible(shown), shown, "once is enough");
    const json = visibleJson(JSON.stringify({ [text]: [text] }, null, 2));
    assertEquals(JSON.parse(json), { [text]: [text] });
    assertEquals(unseenIn(json) === undefined, unseenIn(shown) === undefined);
  }
  assertEquals(visibleDocument("a\n\tb\x1b\r\n"), "a\n\tb\\x1b\\r\n");
  assertEquals(visibleBlock("a\n- forged\r\n\tb\n"), "a\n  | - forged\n  | \\tb\n  | ");
});

Deno.test("a formatter that escapes lets neither message, name nor error forge a line", () => {
  const error = new Error(`no\n${HOSTILE}`);
  const attributes = {
    name: `app${HOSTILE}`,
    msg: "user %s",
    args: [HOSTILE],
    levelname: "ERROR",
    levelno: 40,
    exc_info: error,
    stack_info: `Stack:\n${HOSTILE}`,
    user: { toString: () => HOSTILE },
  };
  const formats: [format: string, style: "%" | "{" | "$"][] = [
    ["\x1b[1m%(name)-9s\t%(message)s %(user)s", "%"],
    ["\x1b[1m{name:<9}\t{message} {user}", "{"],
    ["\x1b[1m${name}\t$message $user", "$"],
  ];
  for (const [format, style] of formats) {
    for (const type of [Formatter, ColorFormatter]) {
      const make = (options?: { escape: boolean }) => new type(format, null, style, true, options);
      const plain = make();
      const raw = plain.format(makeLogRecord(attributes));
      assert(raw.includes(HOSTILE), "as Python writes it");
      const text = make({ escape: true }).format(makeLogRecord(attributes));
      const [line, ...rest] = withoutColors(text).split("\n");
      assert(line!.startsWith("app\\x1b]0;owned\\x07\\r\\nforged"), line);
      assertEquals(line!.split("\t").length, 2, "the format's own tab");
      assertEquals(unseenIn(line!.replace("\t", "")), undefined);
      assertEquals(unseenIn(rest.join("\n")), undefined);
      for (const one of rest) assert(one.startsWith("  | "), one);
      assertEquals(plain.format(makeLogRecord(attributes)), raw, "formatters share nothing");
    }
  }
  const json = new JsonFormatter(null, null, "%", true, { escape: true })
    .format(makeLogRecord(attributes));
  assertEquals(unseenIn(json), undefined);
  assertEquals(JSON.parse(json).message, `user ${HOSTILE}`);
});

Deno.test("configurations turn escaping on, and running ones tell it", () => {
  const conf = `[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=f\n` +
    `[logger_root]\nlevel=INFO\nhandlers=h\n[handler_h]\nclass=StreamHandler\nformatter=f\nargs=()\n` +
    `[formatter_f]\nformat=%(message)s\nescape=true\n`;
  try {
    fileConfig(conf);
    const running = getConfig();
    assertEquals(running.formatters, { f: { format: "%(message)s", escape: true } });
    const printed = stringifyConfig(running);
    assert(printed.includes("escape=true") || printed.includes("escape = true"), printed);
    fileConfig(printed);
    assertEquals(getConfig().formatters, running.formatters);
    dictConfig(running);
    assertEquals(getConfig().formatters, running.formatters);
    const error = assertThrows(
      () => fileConfig(conf.replace("escape=true", "escape=yes")),
      ConfigError,
      'Cannot use escape "yes": it must be true or false',
    );
    assertEquals([error.section, error.key, error.line], ["formatter_f", "escape", 16]);
    const formatters = { f: { format: "%(message)s", escape: 1 } };
    assertThrows(() => dictConfig({ version: 1, formatters }), ConfigError, "Cannot use escape 1");
  } finally {
    dictConfig({ version: 1 });
  }
});
