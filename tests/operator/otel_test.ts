import { assertEquals, assertMatch } from "@std/assert";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";

/** A file of OpenTelemetry's, with a part that is not for us. */
const OTEL = `
file_format: "1.1"
logger_provider:
  processors:
    - simple: { exporter: { console: } }
  logger_configurator/development:
    default_config:
      minimum_severity: error
    loggers:
      - name: app.*
        config:
          enabled: true
          minimum_severity: debug
`;

Deno.test("send takes OpenTelemetry's configuration, also where a thread computes, and get prints it", async () => {
  await using program = new OperatorProgram();
  await program.start("Busy");
  await program.makeBusy("Busy");
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, OTEL);
    const ports = ["--ports", program.ports.text];
    const sent = await logdial(["send", file, ...ports]);
    assertEquals(sent.code, 0, sent.stdout + sent.stderr);
    assertMatch(sent.stdout, /root INFO → ERROR/);
    for (const name of ["MainProcess", "Busy"]) {
      await program.untilLevels(name, { root: "ERROR", app: "DEBUG" });
    }
    // What the level lets pass shows, whatever the handler's own level.
    assertEquals(await program.levelsLogged("MainProcess", "turned", "app.http"), [
      "DEBUG",
      "ERROR",
    ]);
    assertEquals(await program.levelsLogged("MainProcess", "others", "lib"), ["ERROR"]);
    const got = await logdial(["get", "--otel", ...ports]);
    const yaml = got.stdout.split("\n").filter((line) => !line.startsWith("# "));
    assertEquals(yaml.slice(0, 6), [
      'file_format: "1.1"',
      "logger_provider:",
      "  logger_configurator/development:",
      "    default_config: { minimum_severity: error }",
      "    loggers:",
      '      - name: "app"',
    ]);
    // What is printed can be sent again.
    await Deno.writeTextFile(file, got.stdout);
    const again = await logdial(["diff", file, ...ports]);
    assertMatch(again.stdout, /no level changes/);
  } finally {
    await Deno.remove(file);
  }
});
