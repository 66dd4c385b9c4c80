/**
 * A service with Hono that has logged with pino, and now begins to log with logdial: requests are
 * logged by `LOGGER`, and pino's logger is on the same dial, so that its lines go out as before and
 * are turned like ours. It knows nothing of requests: it is enough that `honoLogger` does, whose
 * fields are around all that is logged for a request.
 *
 * ```sh
 * ENV=dev deno run --allow-net=127.0.0.1 --allow-env --allow-read --allow-sys \
 *   examples/hono_service/main.ts
 * deno task set pino.http=DEBUG --where requestId=r7 --for 10m
 * curl -H 'x-request-id: r7' http://127.0.0.1:8000/orders/42
 * ```
 *
 * From here on the DEBUG lines of that one request come out, and those of no other. `http=DEBUG`
 * beside it shows what `honoLogger` itself has to say of it.
 *
 * @module
 */
import { Hono } from "npm:hono@4.13.19";
import { pino } from "npm:pino@10.4.0";
import { honoLogger } from "../../src/bridge/hono.ts";
import { bridge } from "../../src/bridge/pino.ts";
import { LOGGER } from "../../src/logger.ts";

const log = pino({ level: "info" });
bridge(log, { name: "pino.http" });

const app = new Hono();
app.use(honoLogger(LOGGER.getChild("http")));

app.get("/orders/:id", async (c) => {
  const id = c.req.param("id");
  log.debug({ id }, "looks the order up");
  await Promise.resolve(); // The database.
  log.debug({ id }, "found");
  return c.json({ id, total: 12 });
});

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0] ?? 8000),
  onListen: ({ port }) => LOGGER.info("open on port %d", port),
}, app.fetch);
