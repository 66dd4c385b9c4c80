/**
 * A service with Fastify and pino, as it may stand in any project. Two lines are logdial's: they
 * put its logger on the dial. Everything that it logs goes out as before, by pino.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-env --allow-read --allow-sys examples/fastify_service/main.ts
 * deno task set pino.http=DEBUG --where requestId=r7 --for 10m
 * curl -H 'x-request-id: r7' http://127.0.0.1:8000/orders/42
 * ```
 *
 * From here on the DEBUG lines of that one request come out, on whatever thread, and those of no
 * other.
 *
 * @module
 */
import Fastify, { LogController } from "npm:fastify@5.12.8";
import { pino } from "npm:pino@10.4.0";
import { listen } from "../../mod.ts";
import { bridge } from "../../src/bridge/pino.ts";

const log = pino({ level: "info" });
bridge(log, { name: "pino.http" });
await listen();

const app = Fastify({
  loggerInstance: log,
  requestIdHeader: "x-request-id",
  logController: new LogController({ requestIdLogLabel: "requestId" }),
});

app.get<{ Params: { id: string } }>("/orders/:id", async (request) => {
  const { id } = request.params;
  request.log.debug({ id }, "looks the order up");
  await Promise.resolve(); // The database.
  request.log.debug({ id }, "found");
  return { id, total: 12 };
});

await app.listen({ host: "127.0.0.1", port: Number(Deno.args[0] ?? 8000) });
