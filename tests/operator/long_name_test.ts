import { assertEquals } from "@std/assert";
import { check, history, set } from "../../src/client/commands.ts";
import { loggers, why } from "../../src/client/loggers.ts";
import type { Delivery } from "../../src/client/request.ts";
import { send } from "../../src/client/send.ts";
import { OperatorProgram } from "../harness/operator_program.ts";

/** A configuration whose handler, formatter and filter have names of so many characters. */
function named(length: number): string {
  const name = "h".repeat(length);
  const handler = { class: "logging.StreamHandler", level: "ERROR", stream: "ext://sys.stdout" };
  return JSON.stringify({
    version: 1,
    formatters: { [name]: { format: "%(message)s" } },
    filters: { [name]: { name: "" } },
    handlers: { [name]: { ...handler, formatter: name, filters: [name] } },
    root: { level: "ERROR", handlers: [name] },
  });
}

Deno.test("names of any length, of threads and of handlers, spoil no answer", async (t) => {
  await using program = new OperatorProgram({ options: { app: "a".repeat(5000) } });
  const ports = program.ports.range;
  const long = "x".repeat(10_000), told = `${"x".repeat(999)}…`;
  await program.child.tell(JSON.stringify({ to: long }));
  await program.start("W");
  await program.until(told, () => true);
  const text = named(20_000);
  // The handler is at ERROR, so that its name is told as of one that is opened.
  const asks: [name: string, ask: () => Promise<Delivery[]>][] = [
    ["check", () => check(text, { ports })],
    ["send", () => send(text, { ports })],
    ["set", () => set({ app: "DEBUG" }, { ports })],
    ["set without handlers", () => set({ app: "INFO" }, { ports, handlers: false })],
    ["loggers", () => loggers({ ports })],
    ["why", () => why("app", "DEBUG", { ports })],
    ["history", () => history({ ports })],
    ["send another", () => send(named(30_000), { ports })],
  ];
  for (const [name, ask] of asks) {
    await t.step(name, async () => {
      const all = await ask();
      assertEquals(all.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
      assertEquals(all.map(({ name }) => name).sort(), ["MainProcess", "W", told]);
      assertEquals([...(await program.status()).keys()].sort(), ["MainProcess", "W", told]);
    });
  }
});
