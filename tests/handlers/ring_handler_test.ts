import { assertEquals, assertThrows } from "@std/assert";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { parseIniConfig, readIniTable } from "../../src/config/ini/read_ini_config.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { stderr, stdout, StdStream } from "../../src/core/io/std_stream.ts";
import { RingHandler } from "../../src/handlers/rings/ring_handler.ts";

Deno.test("RingHandler takes stdout and stderr in all their forms, and nothing else", () => {
  assertEquals(new RingHandler().stream, stderr);
  assertEquals(new RingHandler(null).stream, stderr);
  assertEquals(new RingHandler(Deno.stdout).stream, stdout);
  assertEquals(String(new RingHandler(stdout)), "<RingHandler <stdout> (NOTSET)>");
  const other = new StdStream({ writeSync: (bytes) => bytes.length }, "<other>");
  assertThrows(
    () => new RingHandler(other),
    TypeError,
    "it must be stdout or stderr",
  );
});

Deno.test("a .conf can have a RingHandler, and gives it back", () => {
  const manager = new Manager();
  const registry = standardRegistry();
  const conf = [
    "[loggers]\nkeys=root\n[handlers]\nkeys=out\n[formatters]\nkeys=",
    "[logger_root]\nlevel=INFO\nhandlers=out",
    "[handler_out]\nclass=logdial.RingHandler\nargs=(sys.stdout,)\n",
  ].join("\n");
  applyConfig(manager, readIniTable(parseIniConfig(conf)), registry);
  assertEquals(manager.root.handlers.map(String), ["<RingHandler <stdout> (NOTSET)>"]);
  assertEquals(describeConfig(manager, registry).handlers, {
    out: { class: "logdial.RingHandler", stream: "ext://sys.stdout" },
  });
});
