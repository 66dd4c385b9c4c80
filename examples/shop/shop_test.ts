/** Tests of the shop that assert on what it logs. */
import { assertLogged, assertNotLogged, captureLogs } from "../../src/testing.ts";
import { priceOf } from "./price.ts";
import { answer } from "./server.ts";

function order(body: string): Request {
  const headers = { "x-request-id": "r1" };
  return new Request("http://shop/orders", { method: "POST", headers, body });
}

Deno.test("all that is logged for a request carries its id", async () => {
  using logs = captureLogs("shop");
  const body = JSON.stringify({ items: [{ name: "tea", price: 3 }] });
  await answer(order(body), (order) => Promise.resolve(priceOf(order)));
  const fields = { requestId: "r1" };
  assertLogged(logs, [
    { logger: "shop.http", message: "order", fields },
    { logger: "shop.price", level: "DEBUG", fields: { ...fields, item: { name: "tea" } } },
    {
      level: "INFO",
      message: "POST /orders",
      fields: { ...fields, status: 200, ms: Number.isFinite },
    },
  ]);
  assertNotLogged(logs, { level: "WARNING" });
});

Deno.test("a request that fails is logged with its error", async () => {
  using logs = captureLogs("shop", "ERROR");
  await answer(order("no JSON"), () => Promise.reject(new Error("never asked")));
  assertLogged(logs, {
    message: "request failed",
    error: SyntaxError,
    fields: { path: "/orders" },
  });
});
