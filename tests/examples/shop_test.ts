import { assert, assertEquals } from "@std/assert";
import { status } from "../../src/client/status.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PortBlock } from "../harness/port_block.ts";
// The tests that the example brings.
import "../../examples/shop/shop_test.ts";

/** A line of the shop's. */
interface Line {
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly requestId?: string;
  readonly processName: string;
  readonly [field: string]: unknown;
}

Deno.test("the shop logs a request on two threads under one id, without secrets, to stdout and a file", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "logdial_shop_" });
  using ports = PortBlock.claim(1);
  const url = `http://127.0.0.1:${ports.first}/orders`;
  try {
    await using shop = ChildProgram.deno("examples/shop/main.ts", {
      args: [`${ports.first}`],
      cwd,
    });
    await shop.until(`"message":"open"`);
    await shop.eventually("three threads", async () => {
      return (await status({ pid: shop.pid })).length === 3 || undefined;
    });
    const post = async (id: string, body: unknown) => {
      const headers = { "x-request-id": id };
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return await response.json();
    };
    const { pid } = shop;
    const turn = ["set", "shop=DEBUG", "--pid", `${pid}`, "--forever", "--wait", "20s"];
    assertEquals((await logdial(turn)).code, 0);
    const items = [{ name: "tea", price: 3 }, { name: "pot", price: 9 }];
    assertEquals(await post("r1", { items, card: "4111", user: { password: "hunter2" } }), {
      total: 12,
    });
    assertEquals(await post("r2", { items: [] }), { total: 0 });
    await shop.until(/"POST \/orders".*"r2"/);
    const lines = shop.stdout.lines.map((line) => JSON.parse(line) as Line);
    const of = (id: string) => lines.filter(({ requestId }) => requestId === id);
    assertEquals(
      of("r1").map(({ logger, message, processName }) => [logger, message, processName]),
      [
        ["shop.http", "order", "MainProcess"],
        ["shop.price", "item", "price 1"],
        ["shop.price", "item", "price 1"],
        ["shop.http", "POST /orders", "MainProcess"],
      ],
    );
    assertEquals(of("r2").map(({ level, processName }) => [level, processName]), [
      ["DEBUG", "MainProcess"],
      ["WARNING", "price 2"],
      ["INFO", "MainProcess"],
    ]);
    assert(
      !shop.stdout.lines.join().includes("hunter2") && !shop.stdout.lines.join().includes("4111"),
    );
    // A line is written to the file and to stdout one after the other.
    await shop.eventually("the same lines in the file", async () => {
      const file = await Deno.readTextFile(`${cwd}/shop.log`);
      const sorted = file.trimEnd().split("\n").sort().join();
      return sorted === [...shop.stdout.lines].sort().join() || undefined;
    });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
