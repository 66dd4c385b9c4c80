import { assert, assertEquals } from "@std/assert";
import { COMMAND_LIST } from "../../src/cli/commands/command_list.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { IMPATIENT } from "../harness/patient.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";

/** What `--json` prints, of every command. */
interface Answer {
  readonly version: number;
  readonly command: string;
  readonly exit: number;
  readonly threads?: readonly Readonly<Record<string, unknown>>[];
  readonly findings?: readonly object[];
  readonly error?: { readonly message: string };
}

/** A line for each command that asks threads something, or changes them. */
const ASKING: readonly string[][] = [
  ["status"],
  ["get"],
  ["loggers"],
  ["why", "app", "DEBUG"],
  ["history"],
  ["diff", "error"],
];
const CHANGING: readonly string[][] = [
  ["set", "app=ERROR"],
  ["send", "error"],
  ["record", "off"],
  ["rollback"],
  ["reset"],
];

/** Runs a command with and without `--json`; both end alike. */
async function exitOf(words: readonly string[], targets: readonly string[]): Promise<Answer> {
  const json = await runCommand([...words, ...targets, "--json"]);
  const answer = JSON.parse(json.stdout) as Answer;
  assertEquals(answer.version, 1);
  assertEquals(answer.command, words[0]);
  assertEquals(answer.exit, json.code);
  return answer;
}

/** What every thread has in every answer. */
function checkThreads({ command, threads }: Answer): void {
  for (const { port, kind, name, pid, outcome } of threads!) {
    const types = [port, kind, name, pid, outcome].map((value) => typeof value);
    assertEquals(types, ["number", "string", "string", "number", "string"], command);
    assertEquals(kind, "logdial");
  }
}

Deno.test("every command ends as its help says, and --json has one shape", async (t) => {
  await using program = new OperatorProgram();
  await program.start("Idle", "Other");
  const targets = ["--ports", program.ports.text];
  using empty = PortBlock.claim(1), others = PortBlock.claim(2);
  await using _first = new ForeignService(others.first, "reads, then closes");
  await using _second = new ForeignService(others.last, "answers HTTP");

  await t.step("0 and 1: all have answered, and what is refused", async () => {
    for (const words of [...CHANGING, ...ASKING]) {
      const answer = await exitOf(words, targets);
      assertEquals([answer.exit, answer.threads!.length], [0, 3], words[0]);
      checkThreads(answer);
    }
    assertEquals((await runCommand(["tail", "--for", "10ms", ...targets])).code, 0);
    const refused = [["set", "app=LOUD"], ["rollback", "99"], ["why", "app", "LOUD"]];
    for (const words of refused) {
      const answer = await exitOf(words, targets);
      assertEquals(answer.exit, 1);
      for (const { error } of answer.threads!) assert(error !== undefined);
    }
  });

  await t.step("4: one that computes has not answered", async () => {
    await using program = new OperatorProgram({ options: IMPATIENT });
    await program.start("Busy");
    await program.block("Busy");
    const busy = ["--name", "Busy", "--ports", program.ports.text];
    for (const words of [...ASKING.slice(1), ...CHANGING]) {
      const answer = await exitOf(words, busy);
      assertEquals([answer.exit, answer.threads![0]!.outcome], [4, "pending"], words[0]);
    }
  });

  await t.step("3 and 4: nobody, CPython's listener, and no listener at all", async () => {
    for (const words of [...ASKING, ...CHANGING]) {
      const nobody = await exitOf(words, ["--ports", empty.text]);
      assertEquals(nobody, { version: 1, command: words[0]!, exit: 3, threads: [] });
      const { exit, threads } = await exitOf(words, ["--ports", others.text]);
      const expected = words[0] === "status" ? 0 : CHANGING.includes(words as string[]) ? 4 : 3;
      assertEquals(exit, expected, words[0]);
      assertEquals(threads!.map(({ kind }) => kind), ["silent", "foreign"], words[0]);
      const unknown = await exitOf(words, ["--name", "nobody", ...targets]);
      assertEquals(unknown.exit, 3);
      assert(unknown.error!.message.includes('Cannot find a thread with name "nobody"'));
    }
    for (const command of ["tail", "dump"]) {
      assertEquals((await runCommand([command, "--ports", others.text])).code, 3);
    }
  });

  await t.step("1: a host that cannot be reached; 2: wrong usage", async () => {
    for (const words of [...ASKING, ...CHANGING, ["tail"], ["dump"]]) {
      const { exit, error } = await exitOf(words, ["--host", "nosuch.invalid", "--port", "9001"]);
      assertEquals(exit, 1, words[0]);
      assert(error!.message.startsWith("Cannot reach nosuch.invalid:9001: "), error!.message);
    }
    // Whoever reads line by line reads errors so too.
    for (const words of [["tail"], ["dump"], ["agent"], ["status", "--watch"]]) {
      const { code, stdout } = await runCommand([...words, "--nosuch", "--json"]);
      const { command, exit, error } = JSON.parse(stdout.split("\n")[0]!) as Answer;
      assertEquals([code, command, exit], [2, words[0], 2]);
      assert(error !== undefined);
    }
    for (const { name } of COMMAND_LIST) {
      const { code, stdout, stderr } = await runCommand([name, "a", "b", "--nosuch"]);
      assertEquals([code, stdout], [2, ""], name);
      assert(stderr.startsWith('logdial: Unknown option "--nosuch", known are --'), stderr);
    }
    const long = "x".repeat(1001);
    const unusable = [
      ["dump", "--level", "LOUD"],
      ["dump", "--last", "3x"],
      ["dump", "--where", "a=1", "--where", "a=2"],
      ["dump", "--where", `a=${long}`],
      ["tail", "--level", "LOUD"],
      ["tail", "--grep", "("],
      ["set", "app=DEBUG", "--where", "a=1", "--where", "a=2"],
      ["set", "app=DEBUG", "--where", `a=${long}`],
      ["set", "app=DEBUG", "--match", long],
      ["set", "app=DEBUG", "--sample", "2"],
      ["record", "app=DEBUG", "--size", "3"],
    ];
    for (const words of unusable) {
      const { exit, error } = await exitOf(words, targets);
      assertEquals([exit, error!.message.slice(0, 13)], [2, "Cannot use --"], error!.message);
    }
    const wrong = await exitOf(["send"], []);
    assertEquals([wrong.exit, wrong.threads], [2, []]);
    assert(wrong.error!.message.startsWith("Cannot run send: "), wrong.error!.message);
  });
});

Deno.test("check has the shape of all commands, and a bad file its place", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bad = `${folder}/bad.conf`;
    await Deno.writeTextFile(bad, "[loggers]\nkeys=root\noops\n");
    const good = await exitOf(["check", "examples/logger_config/error.conf"], []);
    assertEquals([good.exit, good.findings], [0, []]);
    const { exit, findings } = await exitOf(["check", bad], []);
    assertEquals([exit, findings!.length > 0], [2, true]);
    const sent = await exitOf(["send", bad], []);
    assertEquals([sent.exit, (sent.findings as { line?: number }[])[0]!.line], [2, 3]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
