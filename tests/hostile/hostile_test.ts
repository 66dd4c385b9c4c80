import { assert, assertEquals } from "@std/assert";
import { encodeFrame, PROBE, QUICK_PROBE } from "../../src/wire/frame.ts";
import { parseAck } from "../../src/wire/message.ts";
import { eventually, within } from "../harness/deadline.ts";
import { importFlags } from "../harness/project.ts";
import { RawPeer, readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { taggedConfig } from "../harness/tagged_config.ts";
import { hostileFrames } from "./frames.ts";
import { Target } from "./target.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const frameOf = (value: unknown) =>
  encodeFrame(bytes(typeof value === "string" ? value : JSON.stringify(value)));

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

Deno.test("no frame of another user harms a program", async (t) => {
  const folder = await Deno.makeTempDir();
  await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
  await Deno.writeTextFile(`${folder}/victim`, "kept\n");
  await using target = new Target();
  await target.ready();
  try {
    for (const { desc, text, answer } of hostileFrames(folder)) {
      await t.step(desc, async () => {
        let tries = 0;
        await target.survive(async () => {
          tries++;
          for (const port of target.ports.all) {
            const { status, error } = await sendConfig(port, text);
            const said = error?.message ?? status;
            // What is held ready is still so if it is tried once more.
            const isHeld = tries > 1 && said.includes("the transaction is prepared already");
            assert(said.includes(answer) || isHeld, said);
          }
        });
      });
    }
    assertEquals(await Deno.readTextFile(`${folder}/victim`), "kept\n");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["pipe", "victim"]);
    // One line a minute, however many were refused.
    const refused = target.child.stderr.matching("refused a configuration");
    assert(refused.length >= 1 && refused.length <= 3, refused.join("\n"));
    const others = target.child.stderr.lines.filter((line) => !line.includes("refused a config"));
    assertEquals(others, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loggers without number are no harm: some thousands of an unsigned user's, and no more", async () => {
  await using target = new Target();
  await target.ready();
  let made = 0;
  const send = async (tag: string) => {
    const names = times(1000, (at) => [`${tag}.${at}`, { level: "DEBUG" }]);
    const logdial = { expires: "10m", wait: "5s" };
    const parts = { version: 1, incremental: true, logdial };
    const text = JSON.stringify({ ...parts, loggers: Object.fromEntries(names) });
    const acks = await Promise.all(target.ports.all.map((port) => sendConfig(port, text)));
    for (const { status, error } of acks) {
      if (status === "applied") made += 1001;
      else assert(error?.message.includes("unsigned changes may make 10000"), error?.message);
    }
  };
  for (let frame = 0; frame < 12; frame++) await send(`frame${frame}`);
  assertEquals(made, 2 * 9 * 1001);
  // Whatever is done with a few of them costs no more than without the others.
  await target.survive(async () => {
    for (let round = 0; round < 5; round++) {
      const loggers = { [`frame0.${round}`]: { level: "INFO" } };
      const logdial = { expires: "10m", wait: "5s" };
      const parts = { version: 1, incremental: true, loggers, logdial };
      for (const port of target.ports.all) await sendConfig(port, parts);
      for (const port of target.ports.all) await sendConfig(port, taggedConfig("MANY", "DEBUG"));
    }
  });
});

Deno.test("no connections of another user harm a program", async (t) => {
  await using target = new Target({ readTimeout: 1000 });
  await target.ready();
  const port = target.ports.first;
  const descriptors = target.child.descriptors().length;
  const connect = (count: number) => Promise.all(times(count, () => RawPeer.connect(port)));
  const closeAll = (peers: readonly RawPeer[]) => {
    for (const peer of peers) peer[Symbol.dispose]();
  };
  const untilFew = () =>
    eventually("all connections to be closed", () => {
      return target.child.descriptors().length <= descriptors + 4 || undefined;
    });
  const change = (level: string) => ({ version: 1, incremental: true, root: { level } });
  await t.step("1000 that say nothing", async () => {
    const peers: RawPeer[] = [];
    try {
      await target.survive(async () => {
        for (let round = 0; round < 10; round++) peers.push(...await connect(100));
      });
    } finally {
      closeAll(peers);
    }
  });
  await t.step("100 that say a byte now and then", async () => {
    const peers = await connect(100);
    await target.survive(async () => {
      for (let round = 0; round < 10; round++) {
        for (const peer of peers) await peer.write(Uint8Array.of(0)).catch(() => {});
      }
    });
    closeAll(peers);
  });
  await t.step("100 headers that lie, and half-closed ones", async () => {
    const peers = await connect(100);
    await target.survive(async () => {
      for (const [index, peer] of peers.entries()) {
        await peer.write(Uint8Array.of(index, 0, 1, 0)).catch(() => {});
        if (index % 2 === 0) await peer.endWriting();
      }
    });
    closeAll(peers);
  });
  await t.step("500 probes", async () => {
    await target.survive(async () => {
      for (let round = 0; round < 10; round++) {
        await Promise.all(times(50, (at) => say(port, at % 2 === 0 ? PROBE : QUICK_PROBE)));
      }
    });
  });
  await t.step("100 that never read a long answer", async () => {
    const loggers = Object.fromEntries(times(3000, (at) => [`logger.${"x".repeat(60)}.${at}`, {}]));
    await sendConfig(port, { version: 1, incremental: true, loggers });
    const peers = await connect(100);
    await target.survive(async () => {
      for (const peer of peers) {
        await peer.write(frameOf({ logdial: { command: "get" } })).catch(() => {});
      }
    });
    // They are left alone.
    await untilFew();
    closeAll(peers);
  });
  await t.step("40 tails that stall, of which 32 are taken, and others are served on", async () => {
    let peers: RawPeer[] = [], refused: string[] = [];
    await target.survive(async () => {
      // Those of an earlier try.
      closeAll(peers);
      await untilFew();
      [peers, refused] = [await connect(40), []];
      for (const peer of peers) {
        await peer.write(frameOf({ logdial: { command: "tail", level: 0 } }));
      }
      for (const peer of peers.slice(32)) refused.push(await peer.readAll());
    });
    for (const answer of refused) {
      const { status, error } = readAck(answer);
      assertEquals([status, error!.message], [
        "rejected",
        "Cannot tail: 32 tails of this process are open already, the most there may be",
      ]);
    }
    closeAll(peers);
  });
  await t.step("200 changes at once, a hundred of them bad, while nobody reads them", async () => {
    // What the tails have left would take the room of some.
    await untilFew();
    assertEquals((await sendConfig(port, change("INFO"))).status, "applied");
    await target.survive(async () => {
      const answers = await Promise.all(times(200, async (at) => {
        return parseAck(await say(port, frameOf(change(at % 2 === 0 ? "DEBUG" : "LOUD"))));
      }));
      const said = answers.map((ack) => ack?.error?.message ?? ack?.status ?? "nothing");
      assert(said.includes("applied") || said.includes("pending"), said.join("\n"));
      // No more may wait, or be connected, at a time.
      const tooMany = /^nothing$|more than 128 connections|24 that name no sender at/;
      for (const [at, one] of said.entries()) {
        const own = at % 2 === 0 ? /^(applied|pending)$/ : /^pending$|unknown level "LOUD"/;
        assert(own.test(one) || tooMany.test(one), one);
      }
    });
  });
  await untilFew();
});

Deno.test("who tells what nobody reads on stderr goes on", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...importFlags(), "-A", "tests/fixtures/unread_stderr.ts"],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = await within(new Response(child.stdout).text(), () => "the end of the program");
  assertEquals(stdout, "round 0\nround 1\nround 2\nround 3\nround 4\n");
  // Only now is it read: whole lines, but for one that the end has cut, and how many are missing.
  const lines = (await new Response(child.stderr).text()).split("\n").slice(0, -1);
  const missing = /^logdial: \d+ more messages did not fit on stderr$/;
  for (const line of lines) assert(/^told x{1000}$/.test(line) || missing.test(line), line);
  assert(lines.some((line) => missing.test(line)) && lines.length < 500, `${lines.length} lines`);
  await child.status;
});
