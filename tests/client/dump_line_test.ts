import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MAX_LINE } from "../../src/client/answer_line.ts";
import { parseDumpLine } from "../../src/client/dump_line.ts";
import { readLines } from "../../src/client/read_lines.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { type Speech, Squatter } from "../harness/squatter.ts";

const HEAD = {
  time: "2026-11-28T20:15:55.347Z",
  level: "DEBUG",
  levelno: 10,
  logger: "app",
  message: "told",
  thread: "W",
  pid: 7,
};

/** Fields by names that other lines of a dump, and what is printed of it, have as well. */
const FIELDS = {
  end: true,
  failure: "disk",
  records: 3,
  status: "open",
  logdial: 1,
  version: "1.2",
  command: "buy",
};

const THREAD = { thread: "W", pid: 7, records: 2, overwritten: 0 };

Deno.test("a record of a dump is one, whatever its program calls its fields", () => {
  const parse = (line: object) => parseDumpLine(JSON.stringify(line));
  assertEquals(parse({ ...FIELDS, ...HEAD }), { ...FIELDS, ...HEAD });
  assertEquals(parse({ ...HEAD, cut: 5000 }), { ...HEAD, cut: 5000 });
  assertEquals(parse({ ...HEAD, cut: "hair" }), { ...HEAD, cut_: "hair" });
  assertEquals(parse(THREAD), THREAD);
  assertEquals(parse({ end: true }), undefined);
  assertThrows(() => parse({ ...HEAD, pid: "7" }), Error, "makes no sense (field pid)");
  assertThrows(() => parseDumpLine("null"), Error, "makes no sense");
  const bomb = "[".repeat(10_000) + "]".repeat(10_000);
  const line = JSON.stringify(HEAD).replace("}", `,"deep":${bomb}}`);
  assertThrows(() => parseDumpLine(line), Error, "makes no sense");
});

Deno.test("dump shows such records, and says which fields of its JSON are theirs", async () => {
  using ports = PortBlock.claim(1);
  const status = { logdial: 1, name: "W", pid: 7, port: ports.first, levels: {}, can: [] };
  const lines = [THREAD, { ...HEAD, ...FIELDS }, { ...HEAD, message: "last" }, { end: true }];
  const answer = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await using _listener = new Squatter(ports.first, `${JSON.stringify(status)}\n`, answer);
  const shown = await runCommand(["dump", "--ports", ports.text]);
  const head = "2026-11-28 20:15:55.347 - W - app - DEBUG -";
  assertEquals([shown.code, shown.stderr, shown.stdout.split("\n")], [0, "", [
    "W, pid 7: 2 records kept",
    `${head} told end=true failure=disk records=3 status=open logdial=1 version=1.2 command=buy`,
    `${head} last`,
  ]]);
  const { stdout } = await runCommand(["dump", "--json", "--ports", ports.text]);
  const { version, command, ...fields } = FIELDS;
  assertEquals(stdout.split("\n").map((line) => JSON.parse(line)), [
    { version: 1, command: "dump", ...THREAD },
    { version: 1, command: "dump", ...HEAD, ...fields, version_: version, command_: command },
    { version: 1, command: "dump", ...HEAD, message: "last" },
  ]);
});

Deno.test("of a line that is too long nothing is kept, and the lines after it are read", async () => {
  const long = "x".repeat(MAX_LINE + 200_000);
  async function read(text: string, instead?: null): Promise<(string | null)[]> {
    let rest = new TextEncoder().encode(text);
    const conn = {
      read(into: Uint8Array): Promise<number | null> {
        const written = Math.min(into.length, rest.length);
        into.set(rest.subarray(0, written));
        rest = rest.subarray(written);
        return Promise.resolve(written === 0 ? null : written);
      },
    };
    const lines: (string | null)[] = [];
    for await (const some of readLines(conn, instead)) lines.push(...some);
    return lines;
  }
  assertEquals(await read(`a\n${long}b\nc\n\n${long}${long}\nd\n`, null), [
    "a",
    null,
    "c",
    "",
    null,
    "d",
  ]);
  assertEquals(await read(`${long}`, null), [null]);
  const fits = "x".repeat(MAX_LINE);
  assertEquals((await read(`${fits}\nb\nc`)).map((line) => line?.length), [MAX_LINE, 1]);
  await assertRejects(() => read(`a\n${long}\n`), Error, "too long");
});

Deno.test("who stops in the middle of a dump, or never comes to a record, keeps no others back", async (t) => {
  using ports = PortBlock.claim(2);
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const status = (port: number) =>
    line({ logdial: 1, name: "W", pid: port, port, levels: {}, can: [] });
  const [bad = 0, good = 0] = ports.all;
  const answer = [THREAD, HEAD, { end: true }].map(line).join("");
  await using _good = new Squatter(good, status(good), answer);
  const say = (conn: Deno.TcpConn, text: string) => conn.write(new TextEncoder().encode(text));
  let isOver = Promise.withResolvers<void>();
  const speeches: [desc: string, speech: Speech][] = [
    ["stops", async (conn) => {
      await say(conn, line(THREAD));
      await isOver.promise;
    }],
    ["has threads without number", async (conn) => {
      for (;;) await say(conn, line(THREAD).repeat(100));
    }],
  ];
  for (const [desc, speech] of speeches) {
    await t.step(desc, async () => {
      isOver = Promise.withResolvers();
      await using _bad = new Squatter(bad, status(bad), speech);
      using _ = { [Symbol.dispose]: isOver.resolve };
      const shown = await runCommand(["dump", "--ports", ports.text, "--timeout", "200"]);
      assertEquals([shown.code, shown.stdout.split("\n").at(-1)], [
        1,
        "2026-11-28 20:15:55.347 - W - app - DEBUG - told",
      ]);
      const said = `logdial: port ${bad} gave no dump: it has stopped in the middle of it`;
      assertEquals(shown.stderr, said);
    });
  }
});
