import { assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { why } from "../../src/client/loggers.ts";
import type { Why } from "../../src/wire/logger_info.ts";
import { denoRun } from "../harness/child_program.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { REDIRECT } from "../harness/redirect.ts";

Deno.test("tail and status --watch end when nobody reads what they print", async (t) => {
  await using program = new OperatorProgram();
  await program.start("Idle");
  const allow = ["--quiet", "--allow-net", "--allow-read"];
  let turns = 0;
  for (const words of [["tail"], ["tail", "--json"], ["status", "--watch", "--json"]]) {
    await t.step(words.join(" "), async () => {
      await using child = new Deno.Command(Deno.execPath(), {
        args: denoRun("src/cli/main.ts", {
          args: [...words, "--ports", program.ports.text],
          allow,
        }),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      let isRead = false, hasEnded = false;
      const reader = child.stdout.getReader();
      const first = reader.read().then(() => reader.cancel()).then(() => isRead = true);
      const ended = child.status.finally(() => hasEnded = true);
      // Something is shown until there has been a first line, and then one that nobody reads.
      const printing = async () => {
        await program.tell("Idle", { do: "log", logger: "app.told", text: "told" });
        await set({ "app.told": ++turns % 2 ? "INFO" : "DEBUG" }, { ports: program.ports.range });
      };
      await program.child.eventually("a line", async () => {
        await printing();
        return isRead || undefined;
      });
      await first;
      await program.child.eventually("the end", async () => {
        await printing();
        return hasEnded || undefined;
      });
      assertEquals([(await ended).code, await new Response(child.stderr).text()], [0, ""]);
    });
  }
  await program.child.eventually("no tap", async () => {
    const told = await why("app", "DEBUG", { ports: program.ports.range });
    return told.every(({ result }) => !(result as Why).tailed) || undefined;
  });
});

Deno.test({
  name: "a full disk is told in a line, where JSON is wanted too",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    for (
      const words of [["help"], ["check", "debug", "--json"], ["status", "--port", "1", "--json"]]
    ) {
      const args = denoRun("src/cli/main.ts", {
        args: words,
        allow: ["--allow-net", "--allow-read"],
      });
      const [shell, ...rest] = [...REDIRECT, "/dev/full", Deno.execPath(), ...args];
      const { code, stderr } = await new Deno.Command(shell!, { args: rest, stdin: "null" })
        .output();
      const told = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
      const rule = "logdial: Cannot write to stdout: No space left on device (os error 28)";
      assertEquals([code, told], [1, rule], words[0]);
    }
  },
});

Deno.test({
  name: "the exit status is the same where stderr is full",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    for (const [words, status] of [[["nosuch"], 2], [["check", "/nosuch.conf"], 2]] as const) {
      const args = denoRun("src/cli/main.ts", { args: words, allow: ["--allow-read"] });
      const { code } = await new Deno.Command("sh", {
        args: ["-c", 'exec "$@" 2>/dev/full', "sh", Deno.execPath(), ...args],
        stdin: "null",
      }).output();
      assertEquals(code, status, words[0]);
    }
  },
});
