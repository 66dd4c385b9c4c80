import { assert, assertEquals, assertThrows } from "@std/assert";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { hideSecrets } from "../../src/config/describe/hide_secrets.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { readDictConfig } from "../../src/config/dict/read_dict_config.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { HTTPHandler } from "../../src/handlers/network/http_handler.ts";

/** A program's own handler, which takes anything. */
class AnyHandler extends Handler {
  constructor(..._args: unknown[]) {
    super();
  }

  emit(): void {
    // Goes nowhere.
  }
}

const NAMES = ["password", "passwd", "credentials", "secure", "apiKey", "api_key", "auth_token"];

Deno.test("passwords are not shown, whatever they are called and wherever they are", () => {
  const registry = standardRegistry(), manager = new Manager();
  registry.registerHandler("my.Any", AnyHandler, {
    parameters: [...NAMES, "url", "options", "host"].map((name) => `${name}?`),
  });
  const handlers = {
    http: {
      class: "logging.handlers.HTTPHandler",
      host: "127.0.0.1:1",
      url: "/log?user=anna&access_token=hush&n=1",
      credentials: ["anna", "hush"],
      secure: true,
    },
    any: {
      class: "my.Any",
      ...Object.fromEntries(
        NAMES.map((name) => [name, name === "auth_token" ? { a: "hush" } : ["hush"]]),
      ),
      url: "https://anna:hush@example.org/in",
      options: { headers: { Authorization: "hush" }, list: ["redis://:hush@host/1"] },
      host: "example.org",
      ".": { password: "hush", note: "hello" },
    },
  };
  const loggers = { "app.token": { level: "DEBUG", handlers: ["any"] } };
  const text = JSON.stringify({ version: 1, handlers, loggers, root: { handlers: ["http"] } });
  applyConfig(manager, readConfigText(text, (name) => registry.object(name)), registry);
  manager.root.addHandler(new HTTPHandler("127.0.0.1:1", "/", "GET", true, ["bob", "hush"]));
  const dict = hideSecrets(describeConfig(manager, registry));
  const shown = JSON.stringify(dict);
  assert(!shown.includes("hush"), shown);
  const { any, http } = dict.handlers as Record<string, Record<string, unknown>>;
  assertEquals([any!.host, any!.url, any!["."]], [
    "example.org",
    "https://***@example.org/in",
    { password: "***", note: "hello" },
  ]);
  assertEquals([http!.url, http!.secure], ["/log?user=anna&access_token=***&n=1", true]);
  assertEquals((dict.loggers as Record<string, { level: string }>)["app.token"]!.level, "DEBUG");
  const { filters: _, ...rest } = dict;
  delete (rest.handlers as Record<string, Record<string, unknown>>).any!["."];
  assert(!stringifyConfig(rest).includes("hush"));
});

Deno.test("an object of a class is shown as that, and what holds itself has an end", () => {
  class Pool {
    readonly self = this;
    readonly password = "hush";
    readonly size = 5n;
  }
  const registry = standardRegistry(), manager = new Manager();
  registry.registerHandler("my.Any", AnyHandler, { parameters: ["pool", "url", "n", "context"] });
  const context: Record<string, unknown> = { user: "anna" };
  context.self = context;
  const handler = {
    class: "my.Any",
    pool: new Pool(),
    url: new URL("https://anna:hush@example.org/in"),
    n: 12n,
    context: {},
  };
  const formatter = { format: "%(message)s", defaults: { context } };
  const config = { version: 1, formatters: { f: formatter }, handlers: { a: handler } };
  const handlers = { a: { ...handler, formatter: "f" } };
  applyConfig(manager, readDictConfig({ ...config, handlers }, () => undefined), registry);
  const dict = hideSecrets(describeConfig(manager, registry));
  const shown = JSON.stringify(dict);
  assert(!shown.includes("hush"), shown);
  assertEquals(JSON.parse(shown).handlers.a, {
    ...{ class: "my.Any", pool: "<Pool object>", url: "https://***@example.org/in", n: 12 },
    ...{ context: {}, formatter: "f" },
  });
  assertEquals(JSON.parse(shown).formatters.f.defaults.context.user, "anna");
  const { message } = assertThrows(() => stringifyConfig(dict), ConfigError);
  assertEquals(message.includes("hush"), false, message);
});
