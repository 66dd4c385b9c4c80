import { assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { why } from "../../src/client/loggers.ts";
import type { Why } from "../../src/wire/logger_info.ts";
import { denoRun } from "../harness/child_program.ts";
import { OperatorProgram } from "../harness/operator_program.ts";

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
