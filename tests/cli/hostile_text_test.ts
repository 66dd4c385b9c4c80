import { assert, assertEquals } from "@std/assert";
import { encodeFrame } from "../../src/wire/frame.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { HOSTILE, unseenIn, withoutColors } from "../harness/hostile_text.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { say, sendConfig } from "../harness/raw_peer.ts";
import { runCommand } from "../harness/run_command.ts";

/** A worker's name: the harness tells threads apart by what JSON can say. */
const NAME = `W${HOSTILE}`;
const LOGGER = `app.${HOSTILE}`;

Deno.test("nothing hostile reaches the operator's terminal, the audit or stderr", async (t) => {
  await using program = new OperatorProgram({ options: { app: HOSTILE } });
  await program.start(NAME);
  const { port } = await program.until(NAME, () => true);
  const folder = await Deno.makeTempDir();
  const conf = `[loggers]\nkeys=root\n[handlers]\nkeys=${HOSTILE.replaceAll(/\s/g, "")}\n`;
  const bad = `${folder}/bad${HOSTILE.replaceAll("\n", "")}.conf`;
  await Deno.writeTextFile(bad, conf);
  const good = `${folder}/good.json`;
  const loggers = { [LOGGER]: { level: "DEBUG" } };
  await Deno.writeTextFile(good, JSON.stringify({ version: 1, incremental: true, loggers }));
  try {
    await sendConfig(port, { version: 1, incremental: true, loggers, logdial: { label: HOSTILE } });
    const refused = [
      JSON.stringify({ version: 1, handlers: { [HOSTILE]: { class: HOSTILE } } }),
      JSON.stringify({ version: 1, incremental: true, loggers: { [LOGGER]: { level: HOSTILE } } }),
      JSON.stringify({ logdial: { command: HOSTILE } }),
      conf,
    ];
    for (const text of refused) {
      await say(port, encodeFrame(new TextEncoder().encode(text)));
      await say(program.ports.first, encodeFrame(new TextEncoder().encode(text)));
    }
    const targets = ["--ports", program.ports.text];
    const commands: string[][] = [
      ["status"],
      ["history"],
      ["get"],
      ["get", "--name", NAME],
      ["diff", good],
      ["set", `${LOGGER}=DEBUG`],
      ["set", `root=${HOSTILE}`],
      ["send", good],
      ["send", bad],
      ["diff", bad],
      ["send", good, "--name", HOSTILE],
      ["rollback"],
      ["reset"],
    ];
    const local: string[][] = [
      ["check", bad],
      ["check", `${folder}/none${HOSTILE}`],
      [HOSTILE],
      ["status", `--${HOSTILE}`],
      ["status", HOSTILE],
      ["tail", "--grep", `(${HOSTILE}`],
      ["set", HOSTILE],
      ["status", "--timeout", HOSTILE],
      ["completions", HOSTILE],
    ];
    const all = [...commands.map((words) => [...words, ...targets]), ...local];
    for (const words of [...all, ...all.map((words) => [...words, "--json"])]) {
      await t.step(printable(words.join(" ")), async () => {
        for (const isTerminal of [false, true]) {
          const { stdout, stderr } = await runCommand(words, { isTerminal });
          assert(stdout + stderr !== "", "something is said");
          for (const text of [stdout, stderr]) {
            const shown = isTerminal ? withoutColors(text) : text;
            assertEquals(unseenIn(shown), undefined);
            assert(!/^ *forged/m.test(shown), shown);
          }
        }
      });
    }
    await t.step("tail, with an error of several lines", async () => {
      for (const more of [[], ["--json"]]) {
        await using child = ChildProgram.deno("src/cli/main.ts", {
          args: ["tail", ...targets, "--name", NAME, "--count", "1", "--grep", "^ℹ", ...more],
        });
        const ended = child.end();
        let isOver = false;
        void ended.then(() => isOver = true);
        await program.child.eventually("the tail's end", async () => {
          if (isOver) return true;
          await program.tell(NAME, { do: "log", logger: LOGGER, text: `ℹ${HOSTILE}` });
        });
        const text = child.stdout.lines.join("\n");
        assertEquals(unseenIn(text), undefined);
        assert(text.includes("ℹ") && text.includes("owned"), text);
        assert(!/^ *forged/m.test(text), text);
      }
    });
    const { lines } = program.child.stderr;
    assert(lines.length > 0);
    for (const line of lines) {
      assertEquals(unseenIn(line), undefined);
      assert(line.startsWith("logdial: refused a configuration for port "), line);
    }
    // Behind the name, which the program's own format writes as it is.
    const audit = program.child.stdout.lines.filter((line) => line.includes("|logdial|"));
    assert(audit.some((line) => line.includes("rejected")) && audit.length > 10);
    for (const line of audit) {
      assertEquals(unseenIn(line.slice(line.indexOf("|logdial|"))), undefined);
    }
    assert(
      audit.some((line) => line.includes("applied, by \\x1b]0;owned\\x07\\r\\nforged\\u202e")),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/**
 * Who writes to stdout: what all commands print with, what agents are answered with, in JSON, and the
 * terminal of `top`, whose cells are of texts that the first one has made.
 */
const WRITERS = ["printing/print.ts", "mcp/serve_stdio.ts", "top/terminal.ts"];

Deno.test("only one file of the command prints, and it alone knows colours", async () => {
  let read = 0;
  for await (const file of filesIn(new URL("../../src/cli/", import.meta.url))) {
    read++;
    if (WRITERS.some((path) => file.pathname.endsWith(`/src/cli/${path}`))) continue;
    const code = (await Deno.readTextFile(file)).replace(/^ *(\/?\*).*$/gm, "");
    assert(!/console\.|fmt\/colors|Deno\.stdout/.test(code), file.pathname);
  }
  assert(read > 20, `${read} files`);
});

async function* filesIn(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesIn(new URL(`${name}/`, folder));
    else yield new URL(name, folder);
  }
}

function printable(text: string): string {
  return text.replace(/[^ -~]+/g, "?").slice(0, 80);
}
