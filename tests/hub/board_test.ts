import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS, type PortRange } from "../../src/hub/board/attach_options.ts";
import { Board, FREE, LEFT, REFUSED, SERVED } from "../../src/hub/board/board.ts";
import type { AttachRequest } from "../../src/hub/server/attach_channel.ts";
import { Hub } from "../../src/hub/server/hub.ts";
import { withOwnName } from "../../src/hub/server/with_own_name.ts";
import { HubControl } from "../../src/hub/life/hub_control.ts";
import { NextHub } from "../../src/hub/life/next_hub.ts";
import type { HubStart } from "../../src/hub/life/start_hub.ts";
import { DEADLINE_MS, eventually, within } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";

const WAITER = new URL("./board_waiter.ts", import.meta.url);

/** A board that another thread waits at, and the state that it finds when it has waited. */
class WatchedBoard implements Disposable {
  readonly board = new Board(new SharedArrayBuffer(4));
  readonly found: Promise<number>;
  readonly #worker = new Worker(WAITER, { type: "module" });
  readonly #words = new Int32Array(this.board.buffers.header);
  /** Where the state is among the words. */
  readonly #at: number;

  constructor(ms: number) {
    this.board.state = SERVED;
    const before = [...this.#words];
    this.board.state = LEFT;
    this.#at = before.findIndex((word, at) => word !== this.#words[at]);
    this.board.state = SERVED;
    this.found = new Promise((resolve) => this.#worker.onmessage = ({ data }) => resolve(data));
    this.#worker.postMessage({ buffers: this.board.buffers, ms });
  }

  /** Wakes the thread as soon as it waits, as a hub does that sets the state that there is. */
  async wake(): Promise<void> {
    await eventually("a thread that waits", () => {
      return Atomics.notify(this.#words, this.#at) === 1 ? true : undefined;
    });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

Deno.test("a thread that waits for its hub waits on when the hub says the same again", async () => {
  using watched = new WatchedBoard(DEADLINE_MS);
  for (let times = 0; times < 3; times++) await watched.wake();
  watched.board.state = LEFT;
  assertEquals(await within(watched.found, () => "the thread"), LEFT);
});

Deno.test("a thread waits for its hub no longer than it means to", async () => {
  using watched = new WatchedBoard(1);
  assertEquals(await within(watched.found, () => "the thread"), SERVED);
});

/** What a thread asks for that has the board. */
function requestFor({ buffers }: Board, ports: PortRange = [0, 0]): AttachRequest {
  const hostname = "127.0.0.1";
  const limits = { maxOverride: 1000, maxLines: 1000, wireHandlers: [] };
  const rights = { app: "", takesV1: false, verifies: false };
  const none = { file: undefined, watched: undefined, recorded: undefined, dumpTo: undefined };
  return {
    ...{ id: "one", threadId: "one", name: "one", buffers, link: undefined },
    options: { ...DEFAULT_LIMITS, ...limits, ...rights, ports, isExact: true, hostname },
    ...{ entries: [], seen: [], isAgain: false, ...none },
  };
}

Deno.test("a hub that comes up late does not serve whom another one serves, or who asks no more", () => {
  const board = new Board(new SharedArrayBuffer(4));
  const hub = new Hub(undefined, (listener) => listener.unref()), late = new Hub(undefined);
  assertEquals(hub.attach(requestFor(board)), true);
  const { port } = board;
  assertEquals(late.attach(requestFor(board)), false);
  assertEquals([board.state, board.port], [SERVED, port]);
  assertEquals(hub.attach(requestFor(board)), true, "it is asked twice");
  hub.detach("one");
  assertEquals(late.attach(requestFor(board)), false);
  board.state = FREE;
  assertEquals(board.giveUp(), true);
  assertEquals(late.attach(requestFor(board)), false);
  assertEquals(board.state, LEFT);
});

Deno.test("a thread that comes in the moment in which another one leaves gets its port", async () => {
  const hub = new Hub(undefined), boards = [0, 1, 2].map(() => new Board(new SharedArrayBuffer(4)));
  const request = (number: number, ports?: PortRange) => {
    return { ...requestFor(boards[number]!, ports), id: `${number}` };
  };
  hub.hear(request(0));
  const { port } = boards[0]!;
  const range = [port, port] as const;
  hub.hear({ leave: "0" });
  hub.hear(request(1, range));
  hub.hear(request(2, range));
  await eventually("answers", () => boards.every(({ isUnserved }) => !isUnserved) || undefined);
  assertEquals(boards.map(({ state }) => state), [LEFT, SERVED, REFUSED]);
  assertEquals(boards[1]!.port, port);
  hub.hear({ leave: "1" });
  await eventually("a free port", () => boards[1]!.state === LEFT || undefined);
});

/** A hub that is coming up all the time. */
function coming(): HubStart {
  return { control: new HubControl(), failure: () => undefined };
}

Deno.test("a thread that was stopped while its hub came up waits for it on", () => {
  let now = 0;
  using _ = replaced(performance, "now", () => now);
  const search = new NextHub(new Board(new SharedArrayBuffer(4)), () => {}, coming());
  const lateAfter = (pause: number, times: number) => {
    for (let count = 0; count < times; count++) {
      now += pause;
      search.step();
    }
    return search.isLate;
  };
  assertEquals(lateAfter(60_000, 1), false);
  assertEquals(lateAfter(250, 36), false);
  assertEquals(lateAfter(250, 1), true);
});

Deno.test("a thread whose hub ended as it began to serve it asks the next one", () => {
  let now = 0;
  using _ = replaced(performance, "now", () => now);
  const board = new Board(new SharedArrayBuffer(4));
  const search = new NextHub(board, () => {}, coming());
  assertEquals([board.begin(), board.begin()], [true, false]);
  for (; now < 2000; now += 250) search.step();
  assertEquals(board.begin(), false, "the hub may be slow");
  for (; now < 3000; now += 250) search.step();
  assertEquals([search.isOver, board.begin()], [false, true]);
});

Deno.test("a thread that searches long does not fill the channel, so that what others say is heard", () => {
  let now = 0, asked = 0, looks = 0;
  using _ = replaced(performance, "now", () => now);
  const board = new Board(new SharedArrayBuffer(4));
  const eager = new NextHub(board, () => {});
  for (; now < 50; now += eager.pause) looks++;
  assertEquals(looks, 10);
  for (; now < 2000; now += eager.pause) looks++;
  assert(looks < 100, `${looks} requests, and Deno keeps 256 messages`);
  // It asks each time that it has waited.
  const search = new NextHub(board, () => asked++, coming()), from = now;
  for (looks = 0; now < from + 2000; now += search.pause) {
    search.step();
    looks++;
  }
  assertEquals(asked, looks - 1);
});

Deno.test("a main thread takes the number that a hub has given it once, and keeps its name with the next hub", () => {
  const board = new Board(new SharedArrayBuffer(4));
  const request = { name: "MainProcess", recorded: undefined } as never;
  const named = withOwnName(request, board, [{ name: "MainProcess" }, { name: "MainProcess-2" }]);
  assertEquals([named.name, board.takeNumber(), board.takeNumber()], ["MainProcess-3", 3, 0]);
  assertEquals(withOwnName(named, board, [{ name: "MainProcess" }]).name, "MainProcess-3");
  assertEquals(board.takeNumber(), 0);
});
