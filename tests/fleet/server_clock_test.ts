import { assertEquals } from "@std/assert";
import { ServerClock } from "../../src/fleet/server_clock.ts";

/** Clocks that are set by hand, and a way to ask the server, whose clock is `server`. */
function setUp() {
  const times = { own: 1_000_000, steady: 0, server: 1_300_000 };
  const clock = new ServerClock(() => times.own, () => times.steady);
  const pass = (ms: number) => {
    for (const which of ["own", "steady", "server"] as const) times[which] += ms;
  };
  const measure = (ms = 2) =>
    clock.measure(() => {
      pass(ms / 2);
      const { server } = times;
      pass(ms / 2);
      return Promise.resolve(() => Promise.resolve(server));
    });
  return { times, clock, pass, measure };
}

Deno.test("this host's clock counts until the server's is known, also when it is set", () => {
  const { times, clock } = setUp();
  assertEquals([clock.now, clock.ahead], [1_000_000, 0]);
  times.own += 60_000;
  assertEquals([clock.hasJumped(), clock.now], [true, 1_060_000]);
});

Deno.test("a host's clock that is set changes nothing of the time of the server", async () => {
  const { times, clock, pass, measure } = setUp();
  await measure();
  assertEquals([clock.now, clock.ahead], [times.server, 300_000]);
  for (const by of [360_000, -3_600_000]) {
    times.own += by;
    assertEquals(clock.now, times.server);
    assertEquals([clock.hasJumped(), clock.hasJumped()], [true, false]);
    pass(1000);
    assertEquals([clock.now, clock.ahead], [times.server, times.server - times.own]);
  }
});

Deno.test("after a sleep, the first answer of the server counts, however exact the one before was", async () => {
  const { times, clock, measure } = setUp();
  await measure(2);
  times.own += 3_600_000;
  times.server += 3_600_000;
  assertEquals(clock.hasJumped(), true);
  await measure(100);
  assertEquals([clock.now, clock.ahead], [times.server, 300_000]);
});

Deno.test("a worse measurement counts only when the one before is old", async () => {
  const { times, clock, pass, measure } = setUp();
  await measure(20);
  times.server += 500;
  await measure(40);
  assertEquals(clock.now, times.server - 500);
  await measure(10);
  assertEquals(clock.now, times.server);
  times.server += 500;
  pass(600_001);
  await measure(100);
  assertEquals(clock.now, times.server);
});
