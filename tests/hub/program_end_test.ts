import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Board } from "../../src/hub/board/board.ts";
import { Hub } from "../../src/hub/server/hub.ts";
import { StandbyKeeper } from "../../src/hub/server/standby_keeper.ts";
import { PortBlock } from "../harness/port_block.ts";

Deno.test("a hub that ends with the program frees the ports, and has no thread start another hub", async () => {
  using ports = PortBlock.claim(2);
  const hub = new Hub(new StandbyKeeper({ threadId: "worker", isMain: false }));
  // The third follows the first, and would get a port that becomes free.
  const boards = ["first", "second", "third"].map((id) => {
    const board = new Board(new SharedArrayBuffer(4));
    hub.attach(requestFor(board, id, ports));
    return board;
  });
  const before = boards.map(({ port, hasProgramEnded }) => [port, hasProgramEnded]);
  assertEquals(before, [[ports.first, false], [ports.last, false], [0, false]]);
  await hub.endProgram();
  for (const port of [ports.first, ports.last]) {
    Deno.listen({ port, hostname: "127.0.0.1" }).close();
  }
  assertEquals(boards.map(({ hasProgramEnded }) => hasProgramEnded), [true, true, true]);
});

function requestFor(
  { buffers }: Board,
  id: string,
  { range }: PortBlock,
): Parameters<Hub["attach"]>[0] {
  return {
    ...{ id, threadId: id, name: id, buffers, link: undefined },
    options: {
      ...DEFAULT_LIMITS,
      ...{ maxOverride: 1000, maxLines: 1000, wireHandlers: [], app: "", takesV1: false },
      ...{ verifies: false, ports: range, isExact: false, hostname: "127.0.0.1" },
    },
    ...{ entries: [], seen: [], isAgain: false, file: undefined, watched: undefined },
    ...{ recorded: undefined, dumpTo: undefined },
  };
}
