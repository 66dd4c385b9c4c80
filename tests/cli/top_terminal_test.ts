import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { status } from "../../src/client/status.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { HOSTILE } from "../harness/hostile_text.ts";
import { least } from "../harness/least.ts";
import { PortBlock } from "../harness/port_block.ts";
import { findPython } from "../harness/python.ts";
import { replaced } from "../harness/replaced.ts";
import { runCommand } from "../harness/run_command.ts";
import { TerminalProgram } from "../harness/terminal_program.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";
import type { TopOrder } from "../fixtures/top.ts";

const python = await findPython();
const ALLOW = ["--allow-net", "--allow-read", "--allow-env=NO_COLOR,TERM"];
const UP = "\x1b[A", DOWN = "\x1b[B", RIGHT = "\x1b[C", LEFT = "\x1b[D";

/** `logdial top` in a terminal. */
function top(
  size: readonly [number, number],
  args: readonly string[],
  { module = "src/cli/main.ts", env = {}, allow = ALLOW } = {},
): TerminalProgram {
  const all = { TERM: "xterm-256color", ...env };
  return new TerminalProgram(python!, size, module, {
    args: ["top", ...args],
    allow,
    env: all,
  });
}

/** Long enough for threads of a busy machine; one port never answers. */
const TIMEOUT_MS = 5000;

/** What a terminal does that nobody has changed. */
const USUAL = ["?25", "?7"];

Deno.test({
  name: "top shows and turns 29 busy threads by keys, whatever they are called",
  ignore: python === undefined,
  async fn(t) {
    // Each begins where the one before has ended.
    const step = async (name: string, act: () => Promise<void>) => {
      if (!await t.step(name, act)) throw new Error(`Not gone on after: ${name}`);
    };
    using ports = PortBlock.claim(30);
    await using program = ChildProgram.deno("tests/fixtures/top.ts");
    const orders = new ThreadOrders(program);
    const names = [
      ...Array.from({ length: 24 }, (_, at) => `Worker #${at + 1}`),
      HOSTILE,
      "日本語のワーカー",
      "Signed",
      "Hanging",
    ];
    const tell = (name: string, order: Omit<TopOrder, "name" | "number">) =>
      orders.tell(name, order);
    const begin = (name: string) =>
      tell(name, {
        do: "begin",
        ports: [ports.first, ports.last - 1],
        ...name === "Signed" ? { key: "secret" } : {},
      });
    await begin("MainProcess");
    // A few at a time, so that none of them waits long on a machine that is busy.
    for (let at = 0; at < names.length; at += 4) {
      await Promise.all(names.slice(at, at + 4).map(begin));
    }
    const listing = async () => {
      const all = await status({ ports: [ports.first, ports.last - 1], timeout: TIMEOUT_MS });
      return new Map(all.map((one): [string, ThreadStatus] => [one.name, one]));
    };
    const threads = await program.eventually("29 threads", async () => {
      const all = await listing();
      return all.size === 29 ? all : undefined;
    });
    const portOf = (name: string) => threads.get(name)!.port;
    const levelsOf = async (logger: string) => {
      const levels = new Map<string, number>();
      for (const { levels: { [logger]: level = "NOTSET" } } of (await listing()).values()) {
        levels.set(level, (levels.get(level) ?? 0) + 1);
      }
      return Object.fromEntries(levels);
    };
    await using _dead = new ForeignService(ports.last, "says nothing");
    await using screen = top([110, 40], ["--ports", ports.text, "--timeout", `${TIMEOUT_MS}`]);
    const shows = (text: string) => screen.until(text, (all) => all.includes(text));
    const chosen = (text: string) =>
      screen.until(
        `${text} chosen`,
        (all) => all.split("\n").some((line) => line.startsWith(" ▸") && line.includes(text)),
      );
    const filter = async (text: string, name = text) => {
      await screen.press(`/${text}`);
      await shows(`/${text}▏`);
      await screen.press("\r");
      return await chosen(name);
    };

    await step("all of them, and what it has to say of a port that does not answer", async () => {
      await screen.until("29 threads", (all) => /top +29 threads/.test(all));
      assertEquals([...screen.screen.modes].sort(), ["?1049", "?2004"]);
      const all = await shows("29 threads, 1 other");
      assertStringIncludes(all, "\\x1b]0;owned\\x07");
      assertStringIncludes(all, "日本語のワーカー");
      assert(/9?\d+ +Worker #24 +INFO \+1/.test(all), all);
      // Rates by level: ten times a second each of three loggers, as far as they pass.
      await screen.until("rates", (text) => /Worker #1 +INFO \+1 +\d+ +\d+$/m.test(text));
    });

    await step("arrows choose, a letter turns one logger of one thread", async () => {
      await screen.press("\x1b[F");
      await chosen(String(ports.last));
      await screen.press("\x1b[H");
      await chosen(String(ports.first));
      await screen.press(DOWN + DOWN);
      await chosen(String(ports.first + 2));
      await screen.press(UP);
      await chosen(String(ports.first + 1));
      await filter("Worker #7");
      await screen.press(RIGHT);
      await shows("app.db");
      await screen.press(DOWN + DOWN);
      await chosen("app.db");
      // Held down, a key is one change.
      await screen.press("ddd");
      const port = portOf("Worker #7");
      await shows(`applied on ${port} Worker #7: app.db NOTSET → DEBUG, for 10m 0s`);
      await shows(`$ logdial set app.db=DEBUG --for 10m --port ${port}`);
      await screen.until("its end", (all) => /▸ +app\.db +DEBUG.* 9m \d\ds +set app\.db/.test(all));
      assertEquals(await levelsOf("app.db"), { DEBUG: 1, NOTSET: 28 });
      const { overrides } = (await listing()).get("Worker #7")!;
      assertEquals(overrides.map(({ label }) => label), ["set app.db=DEBUG"]);
      for (const [key, level] of [["i", "INFO"], ["w", "WARNING"], ["e", "ERROR"]] as const) {
        await screen.press(key);
        await screen.until(level, (all) => new RegExp(`▸ +app\\.db +${level}`).test(all));
      }
      await screen.press("rr");
      await shows(`applied on ${port} Worker #7: app.db ERROR → WARNING, took back 1 change`);
      await shows(`$ logdial rollback --port ${port}`);
      await screen.press("R");
      await shows("took back 3 changes");
      assertEquals(await levelsOf("app.db"), { NOTSET: 29 });
    });

    await step("space tails below, with nothing in it that a terminal obeys", async () => {
      await screen.press(" ");
      const port = portOf("Worker #7");
      await shows(`── tail of app.db, ${port} Worker #7`);
      await shows(`$ logdial tail --logger app.db --port ${port}`);
      await screen.until("records", (all) => /DEBUG +app\.db +looked at it/.test(all));
      await tell("Worker #7", { do: "log", text: HOSTILE });
      await screen.until("the text", (all) => /DEBUG +app\.db +\\x1b\]0;owned/.test(all));
      await screen.press(" ");
      await screen.until("no tail", (all) => !all.includes("── tail"));
      await screen.press(LEFT);
      await screen.until("no loggers", (all) => !/^ +app\.db/m.test(all));
    });

    await step(
      "! is for all; what is pending or rejected is said, and nothing is called done",
      async () => {
        await screen.press("\x1b");
        await shows("29 threads, 1 other");
        await tell("Hanging", { do: "hang" });
        await screen.press("!");
        await shows("! all 29 threads");
        await screen.press("e");
        await shows(
          `root=ERROR: 1 rejected, 1 pending, 27 applied; ${portOf("Signed")} Signed: Cannot take`,
        );
        await shows(`$ logdial set root=ERROR --for 10m --ports ${ports.text}`);
        await screen.until("one that waits", (all) => /Hanging +INFO \+1 .* 1 pending/.test(all));
        assertEquals(await levelsOf("root"), { ERROR: 27, INFO: 2 });
      },
    );

    await step(
      "it writes less than 5 KB a second while 27 rates and countdowns change",
      async () => {
        const clock = () => /\d\d:\d\d:\d\d$/m.exec(screen.screen.text)![0];
        const tick = async () => {
          const before = clock();
          await screen.until("a second", () => clock() !== before);
        };
        await tick();
        const perSecond = await least(5000, async () => {
          const before = screen.bytes, begin = performance.now();
          for (let second = 0; second < 3; second++) await tick();
          const seconds = (performance.now() - begin) / 1000;
          return Math.round((screen.bytes - before) / seconds);
        });
        assert(perSecond > 0 && perSecond < 5000, `${perSecond} bytes a second`);
      },
    );

    await step("any size will do", async () => {
      await screen.resize(40, 16);
      await screen.until(
        "40 columns",
        (all) => /^ {2}PORT +THREAD +LEVEL +LEFT$/m.test(all) && /^\? help +q quit/m.test(all),
      );
      await screen.resize(20, 5);
      await shows("30x8 is the least");
      await screen.resize(110, 40);
      await shows("/ filter");
      await screen.press("?");
      await shows("any other key goes back");
      await screen.press(" ");
      await screen.until("the list", (all) => all.includes("THREAD"));
    });

    await step("q gives the terminal back as it was", async () => {
      await screen.press("q");
      assertEquals(await screen.end(), { end: 0, restored: true });
      assertEquals([...screen.screen.modes].sort(), USUAL);
      assertEquals(screen.errors, "");
    });
  },
});

Deno.test({
  name: "however top ends, the terminal is as it was before",
  ignore: python === undefined,
  async fn(t) {
    using ports = PortBlock.claim(1);
    const args = ["--port", String(ports.first)];
    const ends: readonly {
      readonly name: string;
      readonly act: (screen: TerminalProgram) => Promise<void>;
      readonly end: number;
      readonly module?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[] = [
      { name: "Ctrl-C", act: (screen) => screen.press("\x03"), end: 0, env: { NO_COLOR: "1" } },
      { name: "SIGTERM", act: (screen) => screen.signal("SIGTERM"), end: 143 },
      { name: "SIGHUP", act: (screen) => screen.signal("SIGHUP"), end: 129 },
      { name: "an exception", act: async () => {}, end: 1, module: "tests/fixtures/top_fails.ts" },
    ];
    for (const { name, act, end, module, env } of ends) {
      await t.step(name, async () => {
        await using screen = top([60, 20], args, { module, env });
        if (module === undefined) {
          await screen.until("a screen", (all) => all.includes("Nobody listens"));
          assertEquals(screen.screen.modes.has("?25"), false);
          assertEquals(screen.screen.hasColors, env === undefined);
        }
        await act(screen);
        assertEquals(await screen.end(), { end, restored: true });
        assertEquals([...screen.screen.modes].sort(), USUAL);
        assertEquals(screen.errors, module === undefined ? "" : "logdial: failed on purpose");
      });
    }
    await t.step("no permission, which Deno cannot ask for in a screen", async () => {
      await using screen = top([60, 20], args, { allow: ["--allow-read"] });
      assertEquals(await screen.end(), { end: 1, restored: true });
      const rule = "the program may not connect to it, run again with --allow-net";
      assertEquals(screen.errors, `logdial: Cannot reach 127.0.0.1:${ports.first}: ${rule}`);
    });
    await t.step("a terminal that is gone", async () => {
      await using screen = top([60, 20], args);
      await screen.until("a screen", (all) => all.includes("Nobody listens"));
      await screen.hangUp();
      const { end } = await screen.end();
      // The signal may come before or after what cannot be written any more.
      assert(end === 129 || end === 1, String(end));
      assertEquals(screen.errors, "");
    });
  },
});

Deno.test("without a terminal there is one table, exit status 2, and the reason", async (t) => {
  using ports = PortBlock.claim(1);
  await using _service = new ForeignService(ports.first, "answers HTTP");
  const args = ["top", "--port", String(ports.first)];
  const check = async (isTerminal: boolean) => {
    const { code, stdout, stderr } = await runCommand(args, { isTerminal });
    assertEquals(code, 2);
    assertStringIncludes(stdout, "not a logging server");
    assertStringIncludes(stderr, "Cannot run top: it needs a terminal");
  };
  await t.step("stdout is none", () => check(false));
  await t.step("stdin is none", async () => {
    using _size = replaced(Deno, "consoleSize", () => ({ columns: 80, rows: 24 }));
    using _stdin = replaced(Deno.stdin, "isTerminal", () => false);
    await check(true);
  });
  await t.step("it can do nothing", async () => {
    using _size = replaced(Deno, "consoleSize", () => ({ columns: 80, rows: 24 }));
    using _stdin = replaced(Deno.stdin, "isTerminal", () => true);
    using _env = replaced(Deno.env, "get", (name) => name === "TERM" ? "dumb" : undefined);
    await check(true);
  });
  await t.step("wrong usage is that first", async () => {
    for (const wrong of [["x"], ["--for", "x"], ["--lines", "0"]]) {
      const { code, stdout } = await runCommand([...args, ...wrong]);
      assertEquals([code, stdout], [2, ""]);
    }
  });
});
