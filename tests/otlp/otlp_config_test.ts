import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError, dictConfig, fileConfig, getConfig, getLogger } from "../../mod.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { defaultRegistry, standardRegistry } from "../../src/config/build/registry.ts";
import { explainConfig } from "../../src/config/check/explain_config.ts";
import { hideSecrets } from "../../src/config/describe/hide_secrets.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { OtlpHandler } from "../../src/otlp.ts";

/** A `.conf` with one handler. */
function conf(handler: string): string {
  return `[loggers]
keys=root
[handlers]
keys=out
[formatters]
keys=
[logger_root]
level=INFO
handlers=out
[handler_out]
${handler}
`;
}

function dict(handler: Record<string, unknown>): Record<string, unknown> {
  return { version: 1, handlers: { out: handler }, root: { level: "INFO", handlers: ["out"] } };
}

/** The root's handler, which the next configuration closes. */
function made(): OtlpHandler {
  const [handler] = getLogger().handlers;
  if (handler instanceof OtlpHandler) return handler;
  throw new Error(`${handler} is no OtlpHandler`);
}

Deno.test("a .conf and a dict make an OtlpHandler, and get shows how, without headers", () => {
  try {
    fileConfig(conf(`class=logdial.OtlpHandler
args=('http://127.0.0.1:4318',)
kwargs={'headers': {'x-honeycomb-team': 'secret'}, 'timeout': 500, 'resource': {'service.name': 'shop'}}`));
    assertEquals(made().url, "http://127.0.0.1:4318/v1/logs");
    assertEquals(made().timeout, 500);
    const resource = { "service.name": "shop" };
    assertEquals(hideSecrets(getConfig()).handlers, {
      out: {
        class: "logdial.OtlpHandler",
        endpoint: "http://127.0.0.1:4318",
        headers: "***",
        resource,
        timeout: 500,
      },
    });
    dictConfig(dict({ class: "logdial.OtlpHandler", endpoint: "http://127.0.0.1:1", resource }));
    assertEquals(made().url, "http://127.0.0.1:1/v1/logs");
    const again = getConfig();
    dictConfig(again);
    assertEquals(made().url, "http://127.0.0.1:1/v1/logs");
    assertEquals(getConfig(), again);
    fileConfig(conf("class=logdial.OtlpHandler\nkwargs={'endpoint': None}"));
    assertEquals(made().endpoint, undefined);
    // One that the program has made itself is described as well.
    getLogger().addHandler(new OtlpHandler({ endpoint: "http://127.0.0.1:2" }));
    assertEquals(Object.values(getConfig().handlers as object)[1], {
      class: "logdial.OtlpHandler",
      endpoint: "http://127.0.0.1:2",
    });
  } finally {
    dictConfig({ version: 1, handlers: {}, root: { handlers: [] } });
  }
});

Deno.test("arguments that are wrong are refused with their place", () => {
  const cases: [text: string, message: string][] = [
    ["kwargs={'url': 'http://a'}", 'has no argument "url", it takes endpoint?, headers?'],
    ["kwargs={'endpoint': 'collector'}", "it must be a URL like http://localhost:4318"],
    ["kwargs={'timeout': 'long'}", "it must be a whole number, 1 to 3600000"],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(
      () => fileConfig(conf(`class=logdial.OtlpHandler\n${text}`)),
      ConfigError,
      message,
    );
    assertEquals(error.section, "handler_out");
  }
});

Deno.test("where it is not imported, the error and check say what to import", () => {
  const registry = standardRegistry();
  const spec = readConfigText(
    JSON.stringify(dict({ class: "logdial.OtlpHandler" })),
    () => undefined,
  );
  assertThrows(
    () => applyConfig(new Manager(), spec, registry),
    ConfigError,
    'Cannot build handler "out": unknown class "logdial.OtlpHandler", ' +
      'the program has to import "@logdial/logging/otlp"',
  );
  const [finding] = explainConfig(conf("class=logdial.OtlpHandler"));
  assertEquals([finding?.severity, finding?.reason, finding?.line], [
    "warning",
    'Class "logdial.OtlpHandler" needs import "@logdial/logging/otlp" in the program',
    11,
  ]);
  const [misspelt] = explainConfig(conf("class=logdial.OtlpHandlr"));
  assertEquals(misspelt?.severity, "error");
  assertEquals(
    misspelt?.reason,
    'Unknown handler class "logdial.OtlpHandlr", did you mean "logdial.OtlpHandler"?',
  );
});

Deno.test("it goes elsewhere, so that an unsigned change may only have the program's own", () => {
  const manager = new Manager();
  const log = new ReversibleChanges(manager, defaultRegistry);
  log.policy = { isGuarded: false, wireHandlers: [] };
  let seq = 0;
  const send = (handler: Record<string, unknown>) => {
    const text = JSON.stringify(dict({ class: "logdial.OtlpHandler", ...handler }));
    const at = "2026-11-22T00:00:00Z";
    log.apply({ id: `${++seq}`, seq, text, by: "somebody", at, isTrusted: false });
  };
  const own = new OtlpHandler({ endpoint: "http://127.0.0.1:1" });
  manager.root.addHandler(own);
  try {
    assertThrows(() => send({}), ConfigError, '"wireHandlers"');
    assertThrows(() => send({ endpoint: "http://127.0.0.1:2" }), ConfigError, "unsigned");
    assertThrows(
      () => send({ endpoint: "http://127.0.0.1:1", headers: { a: "b" } }),
      ConfigError,
      "unsigned",
    );
    send({ endpoint: "http://127.0.0.1:1" });
    log.policy = { isGuarded: false, wireHandlers: ["logdial.OtlpHandler"] };
    send({ endpoint: "http://127.0.0.1:2" });
  } finally {
    for (const handler of [own, ...manager.root.handlers]) handler.close();
  }
});
