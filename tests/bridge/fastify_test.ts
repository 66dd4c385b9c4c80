import { assertEquals } from "@std/assert";
import Fastify, { type FastifyBaseLogger } from "npm:fastify@5.12.8";
import { getLogger, listen, stopListening } from "../../mod.ts";
import { asPino } from "../../src/bridge/pino.ts";
import { reset, set } from "../../src/client/mod.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { PATIENT } from "../harness/patient.ts";
import { PortBlock } from "../harness/port_block.ts";

Deno.test("Fastify logs by a logger with pino's interface: children, serializers, ids, routes' levels, one request turned", async () => {
  const handler = new ListHandler(), logger = getLogger("http");
  logger.setLevel("INFO");
  logger.propagate = false;
  logger.addHandler(handler);
  const instance: FastifyBaseLogger = asPino(logger);
  const app = Fastify({ loggerInstance: instance, requestIdHeader: "x-request-id" });
  app.get("/", (request) => {
    request.log.debug({ a: 1 }, "looks up %s", "it");
    return "ok";
  });
  app.get("/loud", { logLevel: "trace" }, (request) => {
    request.log.trace("all of it");
    return "ok";
  });
  app.get("/silent", { logLevel: "silent" }, () => "ok");
  app.get("/serialized", {
    logSerializers: { user: (user: { id: number }) => `user ${user.id}` },
  }, (request) => {
    request.log.info({ user: { id: 7, password: "p" } }, "who");
    return "ok";
  });
  app.get("/fails", () => {
    throw new TypeError("no", { cause: new Error("deeper") });
  });
  await app.register((plugin, _options, done) => {
    plugin.log.debug("registers");
    plugin.get("/plugin", (request) => {
      request.log.debug("in a plugin");
      return plugin.log.level;
    });
    done();
  }, { logLevel: "debug", prefix: "/more" });
  const get = async (url: string, id: string) => {
    const from = handler.records.length;
    const { statusCode } = await app.inject({ url, headers: { "x-request-id": id } });
    assertEquals(statusCode, url === "/fails" ? 500 : url === "/none" ? 404 : 200);
    return handler.records.slice(from);
  };
  const says = (records: typeof handler.records) =>
    records.map(({ levelname, name, fields: { responseTime, ...fields }, ...record }) => [
      levelname,
      name,
      record.msg,
      // A time each, of which only that it is one is known.
      responseTime === undefined ? fields : { ...fields, responseTime: typeof responseTime },
    ]);
  const incoming = (reqId: string, url: string) => [
    "INFO",
    "http",
    "incoming request",
    {
      reqId,
      req: {
        method: "GET",
        url,
        version: undefined,
        host: "localhost:80",
        remoteAddress: "127.0.0.1",
        remotePort: undefined,
      },
    },
  ];
  const completed = (reqId: string, statusCode = 200) => [
    "INFO",
    "http",
    "request completed",
    { reqId, res: { statusCode }, responseTime: "number" },
  ];

  assertEquals(says(await get("/", "r1")), [incoming("r1", "/"), completed("r1")]);
  assertEquals(says(await get("/loud", "r2")), [
    incoming("r2", "/loud"),
    ["TRACE", "http", "all of it", { reqId: "r2" }],
    completed("r2"),
  ]);
  assertEquals(says(await get("/silent", "r3")), []);
  assertEquals(says(await get("/serialized", "r4"))[1], [
    "INFO",
    "http",
    "who",
    { reqId: "r4", user: "user 7" },
  ]);
  assertEquals(says(await get("/more/plugin", "r5"))[1]![2], "in a plugin");
  assertEquals(says(await get("/none", "r6"))[1], ["INFO", "http", "Route GET:/none not found", {
    reqId: "r6",
  }]);
  const [, failed] = await get("/fails", "r7");
  assertEquals([failed!.levelname, failed!.msg], ["ERROR", "no"]);
  const { exc_info: error } = failed!;
  assertEquals(error instanceof TypeError && (error.cause as Error).message, "deeper");

  using ports = PortBlock.claim(1);
  const { port } = await listen(ports.first, PATIENT);
  // As `logdial set http=DEBUG --where reqId=r9` does it.
  const [delivery] = await set({ http: "DEBUG" }, { where: { reqId: "r9" }, port });
  assertEquals(delivery?.outcome, "applied");
  assertEquals(says(await get("/", "r8")), [incoming("r8", "/"), completed("r8")]);
  assertEquals(says(await get("/", "r9")), [
    incoming("r9", "/"),
    ["DEBUG", "http", "looks up %s", { reqId: "r9", a: 1 }],
    completed("r9"),
  ]);
  assertEquals(says(await get("/silent", "r9")), [incoming("r9", "/silent"), completed("r9")]);
  await reset({ port });
  assertEquals((await get("/silent", "r9")).length, 0);
  await stopListening();
  await app.close();
});
