import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { explainConfig } from "../../src/config/check/explain_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import type { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { DuplicateFilter } from "../../src/filters/duplicate_filter.ts";
import { RateFilter } from "../../src/filters/rate_filter.ts";
import { SampleFilter } from "../../src/filters/sample_filter.ts";
import { FingersCrossedHandler } from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { LogBench } from "../harness/log_bench.ts";

const CONF = `[loggers]
keys=root,app

[handlers]
keys=console

[formatters]
keys=json

[filters]
keys=secrets

[logger_root]
level=INFO
handlers=console

[logger_app]
handlers=
qualname=app
filters=secrets

[handler_console]
class=StreamHandler
args=(sys.stdout,)
formatter=json
filters=secrets

[formatter_json]
class=logdial.JsonFormatter
head=ts=time lvl=level_lower msg=message
depth=4

[filter_secrets]
class=logdial.RedactFilter
kwargs={'paths': ['*.password'], 'patterns': [r'\\d{16}']}
`;

/** Logging that a `.conf`, or a dict, has set up. */
function benchOf(config: string | object): LogBench {
  const bench = new LogBench();
  if (typeof config === "string") bench.file(config);
  else bench.dict(config);
  return bench;
}

function describe({ manager, registry }: LogBench) {
  return describeConfig(manager, registry);
}

Deno.test("a .conf names filters, and what only some formatters take", () => {
  const { manager } = benchOf(CONF);
  const [handler] = manager.root.handlers;
  const [filter] = handler!.filters;
  assertEquals(filter instanceof RedactFilter && [filter.paths, filter.patterns], [
    ["*.password"],
    ["\\d{16}"],
  ]);
  assertEquals(manager.getLogger("app").filters, [filter]);
  assertEquals(handler!.formatter instanceof JsonFormatter, true);
  assertEquals((handler!.formatter as JsonFormatter).depth, 4);
});

Deno.test("what a .conf says comes back from the configuration in force, as dict and as .conf", () => {
  const dict = describe(benchOf(CONF));
  assertEquals(dict.filters, {
    secrets: { "()": "logdial.RedactFilter", paths: ["*.password"], patterns: ["\\d{16}"] },
  });
  assertEquals(describe(benchOf(stringifyConfig(dict))), dict);
  assertEquals(describe(benchOf(JSON.parse(JSON.stringify(dict)))), dict);
});

Deno.test("filters that the program has made are described with their options", () => {
  const bench = new LogBench();
  bench.logger().addFilter(new RedactFilter({ paths: ["token"], patterns: [/a/i] }));
  assertEquals(describe(bench).filters, {
    filter1: {
      "()": "logdial.RedactFilter",
      paths: ["token"],
      patterns: ["/a/i"],
      replacement: "[redacted]",
    },
  });
});

Deno.test("mistakes are told with section and key", () => {
  const cases: [change: [string, string], reason: string, section: string][] = [
    [
      ["filters=secrets\n\n[formatter", "filters=secret\n\n[formatter"],
      "secret",
      "handler_console",
    ],
    [["'paths'", "'path'"], 'no argument "path"', "filter_secrets"],
    [["logdial.RedactFilter", "logdial.RedactFiltre"], "unknown class", "filter_secrets"],
    [["lvl=level_lower", "lvl=levle"], 'did you mean "level"', "formatter_json"],
    [["keys=secrets", "keys=secrets,other"], "[filter_other]", "filters"],
  ];
  for (const [[from, to], reason, section] of cases) {
    const error = assertThrows(() => benchOf(CONF.replace(from, to)), ConfigError);
    assertStringIncludes(error.message, reason);
    assertEquals(error.section, section);
  }
  assertEquals(explainConfig(CONF), []);
  const [finding] = explainConfig(CONF.replace("depth=4", "dept=4"));
  assertStringIncludes(finding!.reason, 'Key "dept"');
});

Deno.test("words of ours mean nothing to other classes, and nothing without a list of filters", () => {
  const plain = CONF.replace("class=logdial.JsonFormatter\n", "format=%(message)s\n")
    .replace("[filters]\nkeys=secrets", "");
  assertEquals(benchOf(plain).logger().handlers[0]?.filters, []);
});

Deno.test("all of ours can be named in a .conf and in a dict, and come back from both", () => {
  const bench = benchOf(OURS);
  const { manager } = bench;
  const [crossed] = manager.root.handlers;
  assertEquals(crossed instanceof FingersCrossedHandler && [crossed.by, crossed.capacity], [
    "requestId",
    50,
  ]);
  const screen = manager.namedHandlers.get("screen")!;
  assertEquals((crossed as FingersCrossedHandler).target, screen);
  assertEquals(screen.filters.map((filter) => filter.constructor), [
    RateFilter,
    DuplicateFilter,
    SampleFilter,
  ]);
  assertEquals((screen.formatter as DevFormatter).source, false);
  const dict = describe(bench);
  assertEquals(describe(benchOf(stringifyConfig(dict))), dict);
  assertEquals(describe(benchOf(dict)), dict);
  assertEquals(explainConfig(OURS), []);
  assertEquals(explainConfig(JSON.stringify(dict)), []);
});

const OURS = `[loggers]
keys=root

[handlers]
keys=screen,crossed

[formatters]
keys=dev

[filters]
keys=rate,twice,some

[logger_root]
level=DEBUG
handlers=crossed

[handler_screen]
class=StreamHandler
args=(sys.stderr,)
formatter=dev
filters=rate,twice,some

[handler_crossed]
class=logdial.FingersCrossedHandler
kwargs={'by': 'requestId', 'capacity': 50}
target=screen

[formatter_dev]
class=logdial.DevFormatter
source=false

[filter_rate]
class=logdial.RateFilter
kwargs={'rate': 10, 'burst': 100, 'by': 'logger', 'below': 'ERROR'}

[filter_twice]
class=logdial.DuplicateFilter
args=(60,)

[filter_some]
class=logdial.SampleFilter
kwargs={'rate': '1/100', 'by': 'requestId'}
`;
