import { assert, assertEquals } from "@std/assert";
import { groupHistory } from "../../src/cli/commands/history.ts";
import { history, reset, set } from "../../src/client/commands.ts";
import { rollback } from "../../src/client/rollback.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { runCommand } from "../harness/run_command.ts";

Deno.test("who changes something, and why, stand in status, history and the audit", async (t) => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range, list = ["--ports", program.ports.text];
  const ask = async (...words: string[]) => (await runCommand([...words, ...list])).stdout;

  await t.step("a change", async () => {
    await set({ app: "DEBUG" }, { ports, by: "kim@laptop", reason: "slow queries", for: "10m" });
    const said = 'set app=DEBUG by kim@laptop, because "slow queries"';
    assert((await ask("status")).includes(`: ${said}, `), await ask("status"));
    assert((await ask("history")).includes(said), await ask("history"));
    await program.line(
      /logdial\|INFO\|change applied, by set app=DEBUG by kim@laptop \(127\.0\.0\.1:\d+\), because "slow queries": app NOTSET → DEBUG, until /,
    );
    const { changed, overrides } = (await program.status()).get("Idle")!;
    for (const { label, user, reason } of [changed!, overrides[0]!]) {
      assertEquals([label, user, reason], ["set app=DEBUG", "kim@laptop", "slow queries"]);
    }
  });

  await t.step("the end of one", async () => {
    const from = program.child.stdout.lines.length;
    await set({ web: "INFO" }, { ports, by: "kim@laptop", reason: "a look", for: "1s" });
    await set({ db: "INFO" }, { ports, by: "lee@desk", reason: "a look", for: "1s" });
    for (const logger of ["web", "db"]) {
      await program.line(
        (line) =>
          line.includes(`|Idle|logdial|INFO|expire ended`) &&
          line.includes(`end of set ${logger}=INFO`),
        from,
      );
    }
    // Both at once, if they end together: then a line is too long for one.
    const told = /end of set db=INFO by (kim@laptop,\s+)?lee@desk,\s+because "a look"/;
    assert(told.test(await ask("history", "--name", "Idle")), await ask("history"));
    // Its lines are as wide as a terminal.
    const status = (await ask("status", "--name", "Idle")).replace(/\s+/g, " ");
    assert(told.test(status), status);
  });

  await t.step("a refused one", async () => {
    await set({ app: "LOUD" }, { ports, by: "kim@laptop", reason: "louder" });
    assert(/rejected .*LOUD.* by kim@laptop, because "louder"/.test(await ask("history")));
  });

  await t.step("a rollback and a reset, with what they have taken back", async () => {
    const [back] = await rollback(1, { ports, by: "lee@desk", reason: "fixed" });
    assertEquals(back!.takenBack!.map(({ label, user }) => [label, user]), [
      ["set app=DEBUG", "kim@laptop"],
    ]);
    await program.line(
      /rollback applied, by rollback 1 by lee@desk .*, because "fixed": app DEBUG/,
    );
    await program.line(/rollback applied, .* → NOTSET, takes back set app=DEBUG$/);
    assert(
      /app DEBUG → NOTSET, takes back set app=DEBUG by kim@laptop.* by lee@desk, because "fixed"/
        .test(await ask("history")),
    );
    await set({ app: "ERROR" }, { ports });
    await set({ db: "ERROR" }, { ports });
    const [again] = await reset({ ports, by: "lee@desk", reason: "over" });
    assertEquals(again!.takenBack!.map(({ label }) => label), ["set app=ERROR", "set db=ERROR"]);
    const [past] = (await history({ ports })).map(({ result }) => result as { reason?: string }[]);
    assertEquals(past!.at(-1)!.reason, "over");
  });

  await t.step("neither may be a line of its own, or without end", async () => {
    const evil = `\x1b[31m\nforged\u202e${"x".repeat(10_000)}`;
    await set({ app: "DEBUG" }, { ports, by: evil, reason: evil });
    const { user, reason } = (await program.status()).get("Idle")!.changed!;
    for (const text of [user!, reason!]) {
      assert(text.length <= 100 && text.startsWith("\\x1b[31m\\nforged\\u202e"), text);
    }
  });

  await t.step("the command tells what it may know, and asks for no permission", async () => {
    const env = { USER: "kim", LOGDIAL_KEY: "" };
    const cases = [
      { allow: ["--allow-env=USER", "--allow-sys=hostname"], user: `kim@${Deno.hostname()}` },
      { allow: ["--allow-env=USER"], user: "kim" },
      { allow: ["--allow-sys=hostname"], user: `@${Deno.hostname()}` },
      { allow: [], user: undefined },
    ];
    for (const { allow, user } of cases) {
      const args = ["set", "app=INFO", "--reason", "because", ...list];
      const { code, stderr } = await logdial(args, { allow: ["--allow-net", ...allow], env });
      assertEquals([code, stderr], [0, ""]);
      const { changed } = (await program.status()).get("Idle")!;
      assertEquals([changed!.user, changed!.reason], [user, "because"]);
    }
    assert(/set app=INFO by 127\.0\.0\.1, because "because"/.test(await ask("status")));
  });
});

Deno.test("history puts threads together that CPython's sender has told the same", () => {
  const thread = (port: number, at: string, detail = "root DEBUG → ERROR") => {
    const by = `127.0.0.1:${40_000 + port}`;
    const change = {
      at: `2026-03-01T10:00:0${at}Z`,
      by,
      what: "change",
      outcome: "applied",
      detail,
    };
    return {
      port,
      name: `W${port}`,
      outcome: "applied",
      result: [change],
    } as const;
  };
  const groups = groupHistory([
    thread(1, "1.003"),
    thread(2, "1.498"),
    thread(3, "5.000"),
    thread(4, "1.003", "root DEBUG → INFO"),
  ]);
  assertEquals(groups.map(({ members }) => members.map(({ port }) => port)), [[1, 2], [3], [4]]);
});

Deno.test("a rollback says what it has taken back on which thread, and where that differs", async () => {
  await using program = new OperatorProgram();
  await program.start("A", "B");
  const ports = program.ports.range, list = ["--ports", program.ports.text];
  const run = (...words: string[]) => runCommand([...words, ...list]);
  const port = (await program.status()).get("B")!.port;
  await set({ app: "DEBUG" }, { ports, by: "kim@laptop", reason: "slow" });
  const both = await run("rollback");
  assertEquals(both.code, 0);
  assertEquals(both.stdout.match(/app DEBUG → NOTSET/g)?.length, 3, both.stdout);
  const took = /^took back set app=DEBUG by kim@laptop at \d\d:\d\d:\d\d, because "slow"$/m;
  assert(took.test(both.stdout) && both.stdout.endsWith("\n3 of 3 threads went back"), both.stdout);

  await set({ app: "DEBUG" }, { ports });
  await set({ db: "ERROR" }, { ports: [port, port] });
  const one = await run("rollback");
  assert(new RegExp(`^took back set db=ERROR .* \\(${port}\\)$`, "m").test(one.stdout), one.stdout);
  assert(one.stdout.endsWith("\n1 of 3 threads went back, 2 had nothing to take back"), one.stdout);

  await set({ db: "ERROR" }, { ports: [port, port] });
  const all = await run("reset");
  assert(all.stdout.includes("\nnot all threads have taken back the same changes\n"), all.stdout);
  assert(all.stdout.endsWith("\n3 of 3 threads went back to the start"), all.stdout);
  const none = await run("reset");
  assertEquals(none.code, 0);
  assert(none.stdout.endsWith("\n3 of 3 threads had nothing to take back"), none.stdout);
});

Deno.test("an end that the listener's policy brings forward is told, with the way around it", async () => {
  await using program = new OperatorProgram({ quietMain: true, options: { maxOverride: 60_000 } });
  await program.start("Idle");
  const run = async (...words: string[]) =>
    (await runCommand([...words, "--ports", program.ports.text])).stdout;
  const why =
    "listeners cap what turns levels below INFO \\(maxOverride\\), --forever goes beyond$";
  const cases: [words: string[], told: RegExp | undefined][] = [
    [["set", "app=DEBUG", "--for", "1d"], new RegExp(`^ends after 1m 0s, not 1d: ${why}`, "m")],
    [["set", "app=DEBUG"], new RegExp(`^ends after 1m 0s: ${why}`, "m")],
    [
      ["set", "app=DEBUG", "--for", "1d", "--atomic"],
      new RegExp(`^ends after 1m 0s, not 1d: `, "m"),
    ],
    [["set", "app=DEBUG", "--for", "1d", "--forever"], undefined],
    [["set", "app=DEBUG", "--for", "30s"], undefined],
    [["set", "app=ERROR", "--for", "1d"], undefined],
  ];
  for (const [words, told] of cases) {
    const stdout = await run(...words);
    assertEquals(told?.test(stdout) ?? !stdout.includes("ends after"), true, stdout);
  }
});
