import { assertEquals, assertThrows } from "@std/assert";
import { parsePorts } from "../../src/client/parse_ports.ts";

Deno.test("parsePorts reads ports and ranges, in order and once each", async (t) => {
  const cases: { text: string; ports: number[] }[] = [
    { text: "9001", ports: [9001] },
    { text: "9001-9003", ports: [9001, 9002, 9003] },
    { text: "9005,9001-9002", ports: [9001, 9002, 9005] },
    { text: "9001-9003,9002-9004", ports: [9001, 9002, 9003, 9004] },
    { text: " 9001 - 9002 , 9004 ", ports: [9001, 9002, 9004] },
    { text: "1,65535", ports: [1, 65535] },
  ];
  for (const { text, ports } of cases) {
    await t.step(text, () => assertEquals(parsePorts(text), ports));
  }
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
