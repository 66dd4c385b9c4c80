import { assert, assertEquals } from "@std/assert";
import type { Delivery } from "../../src/client/request.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

Deno.test("a preset turns the root and leaves loggers, handlers and formats alone", async (t) => {
  await using program = new OperatorProgram();
  await program.start("Worker");
  const ports = ["--ports", program.ports.text];
  await program.tell("Worker", { do: "setLevel", logger: "app.db", level: "ERROR" });
  await program.untilLevels("Worker", { root: "INFO", "app.db": "ERROR" });

  await t.step("send says so, and names what is not turned", async () => {
    const { code, stdout, stderr } = await logdial(["send", "debug", ...ports]);
    assertEquals([code, stderr], [0, ""]);
    const [note, main, worker, unturned, summary] = stdout.split("\n");
    assertEquals(
      note,
      "no file debug here: the preset debug, levels only (set root=DEBUG --forever)",
    );
    assert(main!.endsWith("applied  root INFO → DEBUG"), stdout);
    assert(worker!.endsWith("applied  root INFO → DEBUG"), stdout);
    const { port } = (await program.status()).get("Worker")!;
    assertEquals(unturned, `not turned, with a level of their own: app.db=ERROR (${port})`);
    assertEquals(summary, "2 of 2 threads applied the configuration");
  });

  await t.step("it stays, and the format is the program's own", async () => {
    const { overrides } = (await program.status()).get("Worker")!;
    assertEquals(overrides, []);
    // Its audit shows that its logger is not disabled either.
    await program.line("START|Worker|logdial|INFO|change applied");
    assertEquals(await program.levelsLogged("Worker", "own", "app"), ["DEBUG", "ERROR"]);
    await program.line("START|Worker|app|DEBUG|own");
  });

  await t.step("--for takes it back; --json tells programs the same as ever", async () => {
    const args = ["send", "error.conf", "--for", "10m", "--json", ...ports];
    const { code, stdout, stderr } = await logdial(args);
    assertEquals(code, 0);
    assertEquals(
      stderr,
      "no file error.conf here: the preset error, levels only (set root=ERROR --for 10m)",
    );
    for (const { levels, until } of (JSON.parse(stdout) as { threads: Delivery[] }).threads) {
      assertEquals(levels!.root, "ERROR");
      assert(until !== undefined);
    }
  });

  await t.step(
    "--lines takes it back as that of set, within what the listeners allow",
    async () => {
      const args = ["send", "debug", "--lines", "2000000", "--json", ...ports];
      const { code, stdout, stderr } = await logdial(args);
      assertEquals(code, 0);
      assertEquals(
        stderr,
        "no file debug here: the preset debug, levels only (set root=DEBUG --lines 2000000)",
      );
      for (const { levels, maxLines } of (JSON.parse(stdout) as { threads: Delivery[] }).threads) {
        assertEquals([levels!.root, maxLines], ["DEBUG", 1_000_000]);
      }
      await logdial(["rollback", ...ports]);
    },
  );

  await t.step("check and diff take a preset for the same", async () => {
    const checked = await logdial(["check", "debug"]);
    assertEquals([checked.code, checked.stdout.includes("levels only")], [0, true]);
    const diffed = await logdial(["diff", "debug", ...ports]);
    assert(/Worker +root ERROR → DEBUG$/m.test(diffed.stdout), diffed.stdout);
  });

  await t.step("a file of that name is sent as a file, a folder is none", async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/error.conf`, taggedConfig("FILE", "ERROR"));
      await Deno.mkdir(`${folder}/info`);
      const there = { env: { INIT_CWD: folder } };
      const file = await logdial(["send", "error.conf", ...ports], there);
      assert(!file.stdout.includes("levels only"), file.stdout);
      await program.tell("Worker", { do: "log", text: "by file" });
      await program.line((line) => line.startsWith("FILE|Worker") && line.endsWith("|by file"));
      const preset = await logdial(["send", "info", ...ports], there);
      assert(preset.stdout.includes("the preset info, levels only"), preset.stdout);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});

Deno.test("what is neither file nor preset is told with what may be meant", async () => {
  const { code, stderr } = await logdial(["send", "eror"]);
  assertEquals(code, 2);
  assert(stderr.endsWith('the presets are debug, info and error, did you mean "error"?'), stderr);
});

Deno.test("a file with an unknown word for logdial is refused before anything is sent", async () => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  const file = await Deno.makeTempFile({ suffix: ".conf" });
  try {
    await Deno.writeTextFile(file, `${taggedConfig("NEVER", "ERROR")}\n[logdial]\nexpire = 2s\n`);
    for (const command of ["send", "diff", "check"]) {
      const ports = command === "check" ? [] : ["--ports", program.ports.text];
      const { code, stdout, stderr } = await logdial([command, file, ...ports]);
      assertEquals(code, 2);
      assert(`${stdout}${stderr}`.includes('did you mean "expires"?'), stdout);
    }
    const { changed } = await program.until("MainProcess", () => true);
    assertEquals(changed, null);
  } finally {
    await Deno.remove(file);
  }
});
