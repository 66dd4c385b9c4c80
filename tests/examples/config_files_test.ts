import { assert, assertEquals } from "@std/assert";
import { type PresetName, PRESETS } from "../../src/presets.ts";
import { PROJECT } from "../harness/project.ts";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

const NAMES = Object.keys(PRESETS) as PresetName[];

Deno.test("the shipped .conf files are the built-in presets", async (t) => {
  const folder = new URL("examples/logger_config/", PROJECT);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assertEquals(files, NAMES.map((name) => `${name}.conf`).sort());
  for (const name of NAMES) {
    await t.step(name, () => {
      assertEquals(Deno.readTextFileSync(new URL(`${name}.conf`, folder)), PRESETS[name]);
    });
  }
});

/** The reference system's files, in its spelling: they differ in their spacing. */
const REFERENCE: { level: string; space: string; blankAfterHeader: string }[] = [
  { level: "DEBUG", space: " ", blankAfterHeader: "" },
  { level: "INFO", space: "", blankAfterHeader: "" },
  { level: "ERROR", space: "  ", blankAfterHeader: "\n" },
];

Deno.test("the reference system's files work unchanged", async (t) => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports, { env: { ENV: "prod" } });
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  for (const { level, space, blankAfterHeader } of REFERENCE) {
    await t.step(`${level.toLowerCase()}.conf`, async () => {
      const option = (name: string, value: string) => `${name}:${space}${value}`;
      const text = [
        "[loggers]" + blankAfterHeader,
        option("keys", "root"),
        "",
        "[handlers]" + blankAfterHeader,
        option("keys", "consoleHandler"),
        "",
        "[formatters]" + blankAfterHeader,
        option("keys", "consoleFormatter"),
        "",
        "[logger_root]" + blankAfterHeader,
        option("level", level),
        option("handlers", "consoleHandler"),
        "",
        "[handler_consoleHandler]" + blankAfterHeader,
        option("class", "logging.StreamHandler"),
        option("level", level),
        option("formatter", "consoleFormatter"),
        "",
        "[formatter_consoleFormatter]" + blankAfterHeader,
        option("class", "logging.ColorFormatter"),
        option(
          "format",
          "'$YELLOW%(asctime)s $RESET- $MAGENTA%(module)s.%(funcName)s $RESET- " +
            "$GREEN%(processName)s $RESET- $COLOR%(levelname)s $RESET- %(message)s'",
        ),
        "",
      ].join("\n");
      const ack = await sendConfig(ports.first, text);
      assertEquals([ack.status, ack.levels], ["applied", { root: level }]);

      const { child } = program;
      const [outs, errors] = [child.stdout.lines.length, child.stderr.lines.length];
      const message = `at ${level}`;
      await program.command({ do: "log", text: message });
      // Without args a StreamHandler writes to stderr, as in Python.
      await child.untilError(`ERROR - ${message}`, errors);
      // That of the change itself comes when there is time for it.
      const lines = child.stderr.lines.slice(errors).filter((line) => !line.includes("audit.note"));
      const colors = { DEBUG: "\x1b[34m", ERROR: "\x1b[31m" };
      const expected = Object.entries(colors).filter(([name]) =>
        name === "ERROR" || level === "DEBUG"
      );
      assertEquals(lines.length, expected.length);
      for (const [index, [name, color]] of expected.entries()) {
        const [before, after] = lines[index]!.split(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/);
        assertEquals(before, "\x1b[33m");
        assertEquals(
          after,
          " \x1b[0m- \x1b[35mthreads.obey \x1b[0m- \x1b[32mMainProcess \x1b[0m- " +
            `${color}${name} \x1b[0m- ${message}\x1b[0m`,
        );
      }
      assertEquals(child.stdout.lines.length, outs, "nothing on stdout");
    });
  }
  assert(program.child.stderr.lines.length > 0);
});
