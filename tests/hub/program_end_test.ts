import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Board, LEFT } from "../../src/hub/board/board.ts";
import { openLiveLink } from "../../src/hub/board/live_link.ts";
import { Hub } from "../../src/hub/server/hub.ts";
import { StandbyKeeper } from "../../src/hub/server/standby_keeper.ts";
import { untilRefused } from "../harness/until_refused.ts";

interface Case {
  readonly desc: string;
  /** Whether the thread that ends is the main thread, and whether it has stopped listening before. */
  readonly isMain: boolean;
  readonly hasLeft: boolean;
  readonly hasMainEnded: boolean;
}

const CASES: readonly Case[] = [
  { desc: "notices that main ends", isMain: true, hasLeft: false, hasMainEnded: true },
  {
    desc: "does not take a worker that ends for main",
    isMain: false,
    hasLeft: false,
    hasMainEnded: false,
  },
  // The hub may hear of that only after main's link has been closed.
  {
    desc: "does not take it for main's end that main stops listening",
    isMain: true,
    hasLeft: true,
    hasMainEnded: false,
  },
];

for (const { desc, isMain, hasLeft, hasMainEnded } of CASES) {
  Deno.test(`a hub that a worker has started ${desc}`, async () => {
    const hub = new Hub(new StandbyKeeper({ threadId: "worker", isMain: false }));
    let ends = 0;
    hub.onMainEnd = () => {
      ends++;
      hub.endProgram();
    };
    using link = openLiveLink()!;
    const [ending, other] = [newBoard(), newBoard()];
    hub.attach({ ...requestFor(ending, "ending"), isMain, link: link.addr });
    hub.attach(requestFor(other, "other"));
    const conn = await link.accept();
    if (hasLeft) ending.state = LEFT;
    conn.close();
    await untilRefused(ending.port);
    assertEquals([ends, other.isOfMain], [Number(hasMainEnded), hasMainEnded]);
    hub.detach("other");
    await untilRefused(other.port);
  });
}

function newBoard(): Board {
  return new Board(new SharedArrayBuffer(4));
}

function requestFor({ buffers }: Board, id: string): Parameters<Hub["attach"]>[0] {
  return {
    ...{ id, threadId: id, name: id, isMain: false, buffers, link: undefined },
    options: {
      ...DEFAULT_LIMITS,
      ...{ maxOverride: 1000, maxLines: 1000, wireHandlers: [], app: "", takesV1: false },
      ...{ verifies: false, ports: [0, 0], isExact: true, hostname: "127.0.0.1" },
    },
    ...{ entries: [], seen: [], isAgain: false, file: undefined, watched: undefined },
    ...{ recorded: undefined, dumpTo: undefined },
  };
}
