import { assert, assertEquals } from "@std/assert";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { FaultProgram } from "./fault_program.ts";
import type { HandlerKind } from "./fault_task.ts";
import { HANDLER_KINDS, handlerSection } from "./handler_kinds.ts";

const THREADS = 8;
/** `LOGDIAL_FULL=1` asks for the full length; the short one has more changes per line. */
const IS_FULL = Deno.env.get("LOGDIAL_FULL") === "1";
const LINES = IS_FULL ? 100_000 : 10_000;
const PACE_MS = IS_FULL ? 100 : 50;

for (const handler of HANDLER_KINDS) {
  Deno.test(`changes under full load lose, double, tear and mix no line: ${handler}`, async () => {
    using ports = PortBlock.claim(THREADS);
    await using program = new FaultProgram({
      handler,
      fixture: "faults_changes",
      lines: LINES,
      threads: THREADS,
      ports: ports.range,
      makeConf: (path) => conf(0, handler, path),
    });
    await program.child.untilError("all listen");
    let isOver = false;
    const over = program.child.untilError("all have logged").finally(() => isOver = true);
    await program.child.tell("go");
    // Each listener is sent the next change once it has answered: only then is the order promised.
    const sent = await Promise.all(ports.all.map(async (port) => {
      let tag = 0;
      while (!isOver) {
        const config = conf(++tag, handler, program.path);
        const { status, error } = await sendConfig(port, config, { wait: "1ms" });
        assert(status !== "rejected", error?.message);
        // The pace of the changes is a part of the fault.
        await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      }
      return tag;
    }));
    await over;
    await program.child.tell("end");
    await program.child.end();
    checkLines(program.lines, Math.max(...sent));
  });
}

/** Two loggers with a handler and a format of their own, which say what has formatted a line. */
function conf(tag: number, handler: HandlerKind, path: string): string {
  const section = handlerSection(handler, path);
  const logger = (name: string) =>
    `[logger_${name}]\nqualname = app.${name}\nlevel = INFO\npropagate = 0\nhandlers = ${name}\n`;
  return `[loggers]
keys = root, even, odd

[handlers]
keys = even, odd

[formatters]
keys = even, odd

[formatter_even]
format = ${tag}|%(message)s|even|${tag}

[formatter_odd]
format = ${tag}|%(message)s|odd|${tag}

[handler_even]
${section}
formatter = even

[handler_odd]
${section}
formatter = odd

[logger_root]
level = WARNING
handlers =

${logger("even")}
${logger("odd")}`;
}

/** Every line once and whole, formatted by one configuration, never by an older one than before. */
function checkLines(lines: readonly string[], sent: number): void {
  const tags = new Map<string, number[]>();
  const order = new Map<string, number>();
  for (const line of lines) {
    const parts = /^(\d+)\|(W\d) (\d{6}) x{30}\|(even|odd)\|(\d+)$/.exec(line);
    assert(parts !== null, `torn: ${line.slice(0, 200)}`);
    const [, tag, name, digits, logger, sameTag] = parts as unknown as string[];
    const number = Number(digits);
    assert(sameTag === tag && logger === (number % 2 === 0 ? "even" : "odd"), `mixed: ${line}`);
    if (!tags.has(name!)) tags.set(name!, []);
    const own = tags.get(name!)!;
    assert(own[number] === undefined, `doubled: ${line}`);
    own[number] = Number(tag);
    assert(number === (order.get(name!) ?? -1) + 1, `not in order: ${line}`);
    order.set(name!, number);
  }
  assertEquals(tags.size, THREADS);
  const seen = new Set<number>();
  for (const [name, own] of tags) {
    assertEquals(own.length, LINES, `lines of ${name}`);
    for (const [number, tag] of own.entries()) {
      assert(
        tag >= (own[number - 1] ?? 0),
        `${name} ${number}: by ${tag} after ${own[number - 1]}`,
      );
      seen.add(tag);
    }
  }
  assert(seen.size > 2, `lines by ${seen.size} of ${sent} configurations`);
}
