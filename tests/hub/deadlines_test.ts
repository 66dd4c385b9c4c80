import { assertEquals } from "@std/assert";
import { Deadlines } from "../../src/core/runtime/deadlines.ts";
import { replaced } from "../harness/replaced.ts";

/** Timers that run out when the test says so. */
class Clock implements Disposable {
  now = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  readonly #replaced = new DisposableStack();
  #made = 0;

  constructor() {
    const start = (callback: () => void, ms = 0) => {
      this.#timers.set(++this.#made, { at: this.now + ms, callback });
      return this.#made;
    };
    const stop = (id?: number) => void this.#timers.delete(id ?? 0);
    this.#replaced.use(replaced(globalThis, "setTimeout", start as unknown as typeof setTimeout));
    this.#replaced.use(
      replaced(globalThis, "clearTimeout", stop as unknown as typeof clearTimeout),
    );
    this.#replaced.use(replaced(performance, "now", () => this.now));
    this.#replaced.use(replaced(Deno, "unrefTimer", () => {}));
  }

  /** Timers that have not run out. */
  get running(): number {
    return this.#timers.size;
  }

  /** Has no timer run for so long. */
  stop(ms: number): void {
    this.now += ms;
  }

  /** Goes on to a time. */
  goTo(time: number): void {
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= time)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      const [id, { at, callback }] = due;
      this.#timers.delete(id);
      this.now = Math.max(this.now, at);
      callback();
    }
    this.now = time;
  }

  [Symbol.dispose](): void {
    this.#replaced.dispose();
  }
}

Deno.test("any number of deadlines has one timer, whichever comes first", () => {
  using clock = new Clock();
  const deadlines = new Deadlines();
  const called: number[] = [];
  for (let at = 1000; at > 0; at--) deadlines.add(() => called.push(at), at);
  assertEquals(clock.running, 1);
  for (const time of [1, 2, 500, 1000]) {
    clock.goTo(time);
    assertEquals(called.length, time);
    assertEquals(Math.max(...called), time);
    assertEquals(clock.running, time < 1000 ? 1 : 0);
  }
});

Deno.test("a deadline is taken back, put off, and set by another that is over", () => {
  using clock = new Clock();
  const deadlines = new Deadlines();
  const called: string[] = [];
  const back = () => called.push("taken back"), off = () => called.push("put off");
  deadlines.add(() => {
    deadlines.remove(back);
    deadlines.add(() => called.push("next"), 5);
  }, 10);
  deadlines.add(back, 10);
  deadlines.add(off, 10);
  deadlines.add(off, 30);
  clock.goTo(14);
  assertEquals(called, []);
  clock.goTo(15);
  assertEquals(called, ["next"]);
  clock.goTo(30);
  assertEquals(called, ["next", "put off"]);
  deadlines.add(back, 10);
  deadlines.clear();
  assertEquals(clock.running, 0);
  deadlines.add(off, 10);
  clock.goTo(40);
  assertEquals(called, ["next", "put off", "put off"]);
});

Deno.test("after a stop others have some turns before what is due meanwhile is called", () => {
  using clock = new Clock();
  const deadlines = new Deadlines();
  const called: string[] = [];
  const back = () => called.push("taken back");
  deadlines.add(() => called.push("due"), 10);
  deadlines.add(back, 20);
  clock.stop(1000);
  clock.goTo(1001);
  assertEquals([called, clock.running], [[], 1]);
  deadlines.remove(back);
  // A thread that is kept from its processor again and again does not wait for ever.
  clock.stop(1000);
  for (let at = 2001; at < 2020; at++) clock.goTo(at);
  assertEquals([called, clock.running], [["due"], 0]);
});
