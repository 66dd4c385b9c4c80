/** Answers requests; each has an id, which all that is logged for it carries, with its user. */
import { getLogger, withContext } from "../../mod.ts";
import type { Order, Priced } from "./price.ts";

const log = getLogger("shop.http");

/** Answers a request with the price of an order, which `price` works out. */
export async function answer(
  request: Request,
  price: (order: Order) => Promise<Priced>,
): Promise<Response> {
  const requestId = request.headers.get("x-request-id") ?? crypto.randomUUID();
  const user = request.headers.get("x-user") ?? "guest";
  return await withContext({ requestId, user }, async () => {
    const begin = performance.now(), path = new URL(request.url).pathname;
    let status = 200;
    try {
      const order = await request.json();
      log.debug("order", { order });
      return Response.json(await price({ ...order, requestId, user }));
    } catch (error) {
      status = 500;
      log.error("request failed", error, { path });
      return new Response("failed", { status });
    } finally {
      log.info("%s %s", request.method, path, { status, ms: performance.now() - begin });
    }
  });
}
