import { assert, assertEquals, assertMatch } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { OtlpCollector } from "./otlp_collector.ts";

/** Variables of this machine must not change what is tested. */
const BARE: Record<string, string> = { OTEL_DENO: "false", OTEL_SERVICE_NAME: "" };

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly allow?: readonly string[];
}

/** Runs a scene to its end, and gives what it has written. */
async function run(args: readonly string[], { env = {}, allow }: Run = {}) {
  await using program = ChildProgram.deno("tests/fixtures/otlp.ts", {
    args,
    env: { ...BARE, ...env },
    ...allow === undefined ? {} : { allow },
  });
  const stdout = await program.output();
  return { stdout: stdout.trim(), stderr: program.stderr.lines.join("\n") };
}

Deno.test("a program that only logs ends when its records are out, which is at once", async () => {
  await using collector = new OtlpCollector();
  const { stderr } = await run(["ends", collector.endpoint]);
  assertEquals([collector.texts, collector.faults, stderr], [["the only one"], [], ""]);
});

Deno.test("Deno.exit does not wait, and a collector that is down holds up no end: both are told", async () => {
  await using collector = new OtlpCollector();
  const url = `${collector.endpoint}/v1/logs`;
  const { stderr } = await run(["exits", collector.endpoint]);
  assertEquals(stderr, `logdial: 1 record for ${url} was lost: the program has ended`);
  assertEquals(collector.texts, []);
  const down = await run(["ends", "http://127.0.0.1:9"]);
  assertMatch(
    down.stderr,
    /^logdial: cannot send records to .*\nlogdial: 1 record for .* was lost: the program has ended$/,
  );
});

Deno.test("without the permission nobody is asked for it, and what to run with is told", async () => {
  const endpoint = "http://user:secret@127.0.0.1:9?key=secret";
  const { stderr } = await run(["ends", endpoint], { allow: ["--allow-read"] });
  assertMatch(
    stderr,
    /records to http:\/\/127\.0\.0\.1:9\/v1\/logs: .* --allow-net=127\.0\.0\.1:9$/m,
  );
  assert(!stderr.includes("secret"), stderr);
});

Deno.test("OpenTelemetry's variables say where records go, and whose they are", async () => {
  await using collector = new OtlpCollector();
  const { stdout, stderr } = await run(["env"], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/tenant`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-all=1,x-both=all",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-both=a%20b",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=hidden,deployment.environment.name=a%2Cb",
      OTEL_SERVICE_NAME: "shop",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    },
  });
  const { url } = JSON.parse(stdout);
  assertEquals(url, `${collector.endpoint}/tenant/v1/logs`);
  assertEquals([collector.texts, collector.faults], [["by the environment"], []]);
  const { headers } = collector;
  assertEquals([headers.get("x-all"), headers.get("x-both")], ["1", "a b"]);
  assertEquals(headers.get("content-encoding"), "gzip");
  const { attributes } = collector.taken[0]!.resourceLogs[0]!.resource;
  const said = new Map(attributes.map(({ key, value }) => [key, value]));
  assertEquals(said.get("service.name"), { stringValue: "shop" });
  assertEquals(said.get("deployment.environment.name"), { stringValue: "a,b" });
  assertEquals(stderr.split("\n"), [
    "logdial: cannot use OTEL_EXPORTER_OTLP_PROTOCOL: records go out as http/json, " +
    "mostly to port 4318 instead of 4317",
    "logdial: cannot use OTEL_EXPORTER_OTLP_TIMEOUT: it must be a whole number, 1 or more",
  ]);
});

Deno.test("variables that name certificates are told of, where there would be some to use", async () => {
  const env = {
    OTEL_SDK_DISABLED: "true",
    OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
    OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: "/key.pem",
  };
  const endpoint = "127.0.0.1:9";
  const plain = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${endpoint}` };
  assertEquals((await run(["env"], { env: plain })).stderr, "");
  const secure = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: `https://${endpoint}` };
  const { stderr } = await run(["env"], { env: secure });
  const rule = "certificates come from Deno.createHttpClient, by the option client";
  assertEquals(stderr.split("\n"), [
    `logdial: cannot use OTEL_EXPORTER_OTLP_CERTIFICATE: ${rule}`,
    `logdial: cannot use OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: ${rule}`,
  ]);
});

Deno.test("the variable for logs is taken as it is; what may not be read is not asked for", async () => {
  await using collector = new OtlpCollector();
  const env = {
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector.endpoint}/x/v1/logs`,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    OTEL_RESOURCE_ATTRIBUTES: "broken",
    OTEL_SDK_DISABLED: "true",
  };
  const all = await run(["env"], { env });
  assertEquals(JSON.parse(all.stdout), {
    url: `${collector.endpoint}/x/v1/logs`,
    silence: "OTEL_SDK_DISABLED is true",
    takes: false,
  });
  assertMatch(all.stderr, /cannot use OTEL_RESOURCE_ATTRIBUTES: it must be like "key1=value1/);
  assertEquals(collector.requests, 0);
  const allow = ["--allow-read", "--allow-net", "--allow-env=OTEL_SDK_DISABLED"];
  const few = await run(["env"], { env, allow });
  assertEquals(JSON.parse(few.stdout).url, "http://localhost:4318/v1/logs");
});

Deno.test("beside OTEL_DENO=true nothing goes out twice, and records have the ids of Deno's spans", async () => {
  await using collector = new OtlpCollector();
  let exported = "", traces = "";
  await using deno = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const body = await request.text();
      if (request.url.endsWith("/v1/logs")) exported += body;
      if (request.url.endsWith("/v1/traces")) traces += body;
      return Response.json({});
    },
  );
  const { stdout } = await run(["traced", collector.endpoint], {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${deno.addr.port}`,
    },
  });
  assertEquals(stdout, "printed");
  assertEquals([collector.texts, collector.faults], [["logged", "captured"], []]);
  assert(exported.includes("printed"), exported);
  assert(!/"(logged|captured)/.test(exported), exported);
  const { traceId, spanId } = collector.records[0]!;
  assert(traceId !== undefined && spanId !== undefined);
  assert(traces.includes(`"spanId": "${spanId}"`), traces);
});

Deno.test("a thread that computes sends once it pauses: until then what is too much is dropped, and told", async () => {
  await using collector = new OtlpCollector();
  const { stdout, stderr } = await run(["computing", collector.endpoint]);
  assertEquals(stdout, "500");
  assertEquals(collector.records.length, 1000);
  assertEquals(collector.texts.at(-1), "record 999");
  assertMatch(stderr, /logdial: 1 record for .* was lost: 1000 are waiting/);
});
