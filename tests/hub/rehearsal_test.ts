import { assertEquals } from "@std/assert";
import { captureState } from "../../src/config/apply/logging_state.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { rehearseHub } from "../../src/hub/life/hub_rehearsal.ts";
import { rehearseChange } from "../../src/hub/thread/thread_rehearsal.ts";
import { HUB_REHEARSALS } from "../../src/hub/life/rehearsed_text.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";
import { replaced } from "../harness/replaced.ts";
import { untilRefused } from "../harness/until_refused.ts";

Deno.test("a rehearsed change is carried out, and not on the program's loggers", () => {
  const capture = () => {
    const { loggers, ...rest } = captureState(defaultManager);
    return { ...rest, loggers: [...loggers] };
  };
  const before = capture();
  using stdout = new CapturedWrites(Deno.stdout);
  using stderr = new CapturedWrites(Deno.stderr);
  const { outcomes, levels } = play(rehearseChange());
  // That of the reset: the change before it has been carried out.
  const previous = { root: "ERROR", app: "ERROR" };
  assertEquals(outcomes.map(({ previous, error }) => ({ previous, error })), [
    { previous, error: undefined },
  ]);
  assertEquals(levels, { root: "WARNING" });
  assertEquals(capture(), before);
  assertEquals([stdout.text, stderr.text], ["", ""]);
});

Deno.test({
  name: "the hub rehearses what a sender would see applied",
  // The timer for the deadlines of connections runs on.
  sanitizeOps: false,
  async fn() {
    // Waiting for shared memory does not keep a program alive.
    using _ = {
      timer: setInterval(() => {}, 1000),
      [Symbol.dispose]: () => clearInterval(_.timer),
    };
    const answers = (await rehearseHub()).map((text) => JSON.parse(text));
    const told = answers.map(({ status, name }) => `${name} ${status}`);
    assertEquals(told, Array(HUB_REHEARSALS).fill("rehearsal applied"));
  },
});

Deno.test({
  name: "the hub rehearses nothing where Deno would ask whether it may",
  permissions: { net: ["127.0.0.1:9001"] },
  async fn() {
    // Where there is no terminal, Deno refuses instead.
    let count = 0;
    const listen = () => {
      count++;
      throw new Deno.errors.NotCapable();
    };
    using _ = replaced(Deno, "listen", listen as typeof Deno.listen);
    assertEquals(await rehearseHub(), []);
    assertEquals(count, 0);
  },
});

Deno.test({
  name: "the hub does not wait for ever for a rehearsal that comes to nothing",
  // The timer for the deadlines of connections runs on.
  sanitizeOps: false,
  async fn() {
    const { connect } = Deno;
    const connectAndEndSoon = async (options: Deno.ConnectOptions) => {
      const conn = await connect(options);
      const write = conn.write.bind(conn);
      conn.write = async (bytes) => {
        const count = await write(bytes);
        // After the length.
        await conn.closeWrite();
        conn.write = () => Promise.resolve(0);
        return count;
      };
      return conn;
    };
    using _ = replaced(Deno, "connect", connectAndEndSoon as unknown as typeof connect);
    const told = (await rehearseHub()).map((text) => JSON.parse(text).status);
    assertEquals(told, Array(HUB_REHEARSALS).fill("rejected"));
  },
});

Deno.test({
  name: "the hub gives up its port where it cannot be reached",
  sanitizeOps: false,
  async fn() {
    let port = 0;
    const refuse = (options: Deno.ConnectOptions) => {
      port = options.port;
      return Promise.reject(new Deno.errors.ConnectionRefused());
    };
    {
      using _ = replaced(Deno, "connect", refuse as unknown as typeof Deno.connect);
      assertEquals(await rehearseHub(), []);
    }
    await untilRefused(port);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  },
});

/** Runs it to its end; gives what that is. */
function play<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
