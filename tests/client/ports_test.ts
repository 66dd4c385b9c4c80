import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isToItself } from "../../src/client/ports/connect.ts";
import { parsePorts } from "../../src/client/ports/parse_ports.ts";
import { scan, scanDefaults, UnreachableError } from "../../src/client/ports/scan.ts";
import type { PortRange } from "../../src/hub/board/attach_options.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("parsePorts reads ports and ranges", async (t) => {
  const cases: { text: string; ranges: PortRange[] }[] = [
    { text: "9001", ranges: [[9001, 9001]] },
    { text: "9001-9003", ranges: [[9001, 9003]] },
    { text: "9005,9001-9002", ranges: [[9005, 9005], [9001, 9002]] },
    { text: " 9001 - 9002 , 9004 ", ranges: [[9001, 9002], [9004, 9004]] },
    { text: "1,65535", ranges: [[1, 1], [65535, 65535]] },
  ];
  for (const { text, ranges } of cases) {
    await t.step(text, () => assertEquals(parsePorts(text), ranges));
  }
});

Deno.test("each port is asked once, in order, however often it is named", () => {
  const ports = parsePorts("9003,9001-9003,9002-9004,9002");
  assertEquals(scanDefaults({ ports }).ports, [9001, 9002, 9003, 9004]);
  assertEquals(scanDefaults({ ports: [9002, 9002] }).ports, [9002]);
  assertEquals(scanDefaults({ port: 9002 }).ports, [9002]);
  assertEquals(scanDefaults({}).ports.length, 29);
});

Deno.test("parsePorts names what it cannot read", async (t) => {
  const cases: { text: string; part?: string }[] = [
    { text: "" },
    { text: "x" },
    { text: "9001-" },
    { text: "-9001" },
    { text: "9002-9001" },
    { text: "0" },
    { text: "65536" },
    { text: "1e3" },
    { text: "9001,,9002", part: "" },
    { text: "9001,9002-x", part: "9002-x" },
  ];
  for (const { text, part = text } of cases) {
    await t.step(JSON.stringify(text), () => {
      assertThrows(() => parsePorts(text), RangeError, `"${part}" is not a port`);
    });
  }
});

Deno.test("a connection that leads to itself is told from one to a listener", () => {
  const conn = (own: number, other: number) => {
    const addr = (port: number) => ({ transport: "tcp" as const, hostname: "127.0.0.1", port });
    return { localAddr: addr(own), remoteAddr: addr(other) };
  };
  assertEquals([isToItself(conn(40_001, 40_001)), isToItself(conn(40_001, 9001))], [true, false]);
});

Deno.test("Deno is asked once for all ports of a host, and not where all are granted", async () => {
  using ports = PortBlock.claim(3);
  const asked: Deno.PermissionDescriptor[] = [];
  let answer: Deno.PermissionState = "granted";
  const status = (state: Deno.PermissionState) => ({ state }) as Deno.PermissionStatus;
  using _request = replaced(Deno.permissions, "requestSync", (one) => {
    asked.push(one);
    return status(answer);
  });
  await scan({ ports: ports.range });
  assertEquals(asked, []);
  const first = `127.0.0.1:${ports.first}`;
  using _query = replaced(Deno.permissions, "querySync", (one) => {
    const isFirst = one.name === "net" && one.host === first;
    return status(isFirst || asked.length > 0 ? answer : "prompt");
  });
  await scan({ port: ports.first });
  assertEquals(asked, []);
  await scan({ ports: ports.range });
  assertEquals(asked, [{ name: "net", host: "127.0.0.1" }]);
  answer = "denied";
  await assertRejects(() => scan({ ports: ports.range }), UnreachableError, `reach ${first}: the`);
  assertEquals(asked.length, 2);
});
