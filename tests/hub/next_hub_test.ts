import { assertEquals } from "@std/assert";
import { HUB_LOCK, STANDBY_LOCK } from "../../src/hub/board/lock_names.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

const SOURCE = `
  import { Board } from ${JSON.stringify(import.meta.resolve("../../src/hub/board/board.ts"))};
  import { NextHub } from ${JSON.stringify(import.meta.resolve("../../src/hub/life/next_hub.ts"))};
  import { startedHubs } from ${
  JSON.stringify(import.meta.resolve("../../src/hub/life/start_hub.ts"))
};

  const told = [];
  for (const isOfMain of [true, false]) {
    const board = new Board(new SharedArrayBuffer(4));
    board.begin(isOfMain);
    const search = new NextHub(board, () => {});
    // Longer than a worker gives a hub that there is.
    board.waitUnserved(150);
    search.step(true);
    told.push(startedHubs().length);
  }
  postMessage(told);
`;

Deno.test("a worker that computes starts no hub after one of main's, which ended with main", async () => {
  const url = `data:text/javascript,${encodeURIComponent(SOURCE)}`;
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve } = Promise.withResolvers<number[]>();
  worker.onmessage = ({ data }) => resolve(data);
  const [ofMain, ofWorker] = await promise;
  worker.terminate();
  assertEquals({ ofMain, ofWorker }, { ofMain: 0, ofWorker: 1 });
});

for (
  const { desc, lock } of [
    { desc: "finds one that then ends", lock: HUB_LOCK },
    { desc: "leaves it to one that stands by, and then ends,", lock: STANDBY_LOCK },
  ]
) {
  Deno.test(`a thread whose hub ${desc} is served by it, and starts no others meanwhile`, async () => {
    using ports = PortBlock.claim(1);
    const args = [String(ports.first), lock];
    await using program = ChildProgram.deno("tests/fixtures/ending_hub.ts", { args });
    // A hub that does not start is waited for for 10 s.
    assertEquals(await program.output(), "hub soon by 1 started");
  });
}
