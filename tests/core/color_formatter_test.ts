import { assertEquals, assertThrows } from "@std/assert";
import { ColorFormatter } from "../../src/core/formatters/color_formatter.ts";
import type { Style } from "../../src/core/formatters/formatter.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";

/** The line of a record at a level. */
function lineOf(format: string, level: number, message = "text"): string {
  return new ColorFormatter(format).format(new LogRecord("app", level, "x.ts", 1, message));
}

const END = "\x1b[0m";

// Written for a terminal that has not asked for plain text.
const plain = Deno.noColor;

Deno.test("markers become colours", async (t) => {
  if (plain) return console.log("skipped: NO_COLOR is set");
  const cases = [
    { desc: "DEBUG is blue", format: "$COLOR%(message)s", level: 10, expected: "\x1b[34mtext" },
    { desc: "INFO is cyan", format: "$COLOR%(message)s", level: 20, expected: "\x1b[36mtext" },
    { desc: "WARNING is red", format: "$COLOR%(message)s", level: 30, expected: "\x1b[31mtext" },
    { desc: "ERROR is red", format: "$COLOR%(message)s", level: 40, expected: "\x1b[31mtext" },
    { desc: "CRITICAL is red", format: "$COLOR%(message)s", level: 50, expected: "\x1b[31mtext" },
    {
      desc: "colours, backgrounds, bold, reset",
      format: "$GREEN$BG-YELLOW$BOLD%(message)s$RESET",
      level: 20,
      expected: "\x1b[32m\x1b[43m\x1b[1mtext\x1b[0m",
    },
    {
      desc: "names of levels are markers",
      format: "$DEBUG$BG-ERROR%(message)s",
      level: 20,
      expected: "\x1b[34m\x1b[41mtext",
    },
    {
      desc: "there is no black",
      format: "$BLACK%(message)s",
      level: 20,
      expected: "$BLACKtext",
    },
    { desc: "quotes are taken off", format: "'%(message)s'", level: 20, expected: "text" },
    { desc: "one quote is not a pair", format: "'%(message)s", level: 20, expected: "'text" },
  ];
  for (const { desc, format, level, expected } of cases) {
    await t.step(desc, () => assertEquals(lineOf(format, level), expected + END));
  }
});

Deno.test("markers in a message stay as they are", () => {
  const line = lineOf("%(message)s", 20, "costs $RED and $& and $RESET");
  assertEquals(line, `costs $RED and $& and $RESET${plain ? "" : END}`);
});

Deno.test("the reset comes behind the stack of an error", () => {
  if (plain) return console.log("skipped: NO_COLOR is set");
  const record = new LogRecord("app", 40, "x.ts", 1, "failed", [], new Error("why"));
  const line = new ColorFormatter("%(message)s").format(record);
  assertEquals([line.startsWith("failed\nError: why\n"), line.endsWith(END)], [true, true]);
});

Deno.test("a format of markers alone has no field, and is refused unless nothing is validated", () => {
  const bare: [format: string, style: Style][] = [
    ["$RED", "%"],
    ["'$BOLD$BG-RED'", "%"],
    ["$RED", "{"],
    ["$COLOR$RESET", "$"],
  ];
  for (const [format, style] of bare) {
    assertThrows(() => new ColorFormatter(format, null, style), Error, "nvalid format");
    new ColorFormatter(format, null, style, false);
  }
  // None at all stands for the default.
  for (const format of [undefined, null, "", "''"]) new ColorFormatter(format);
});
