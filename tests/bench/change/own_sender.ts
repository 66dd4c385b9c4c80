/**
 * Sends configurations with our own client; it reads and answers the same lines as
 * `reference_sender.py`.
 *
 * @module
 */
import { send } from "../../../src/client/send.ts";
import { wallTime } from "./clock.ts";

wallTime();
const buffer = new Uint8Array(4096);
for (;;) {
  const size = await Deno.stdin.read(buffer);
  if (size === null) break;
  const line = new TextDecoder().decode(buffer.subarray(0, size));
  const [path, ...numbers] = line.trim().split(" ") as [string, string, string];
  const [first, count] = numbers.map(Number) as [number, number];
  const text = await Deno.readTextFile(path);
  const begin = wallTime();
  const deliveries = await send(text, { ports: [first, first + count - 1] });
  const end = wallTime();
  const failed = deliveries.find(({ outcome }) => outcome !== "applied" && outcome !== "pending");
  if (failed !== undefined || deliveries.length !== count) {
    throw new Error(`Cannot send to all ports: ${JSON.stringify(failed ?? deliveries.length)}`);
  }
  console.log(`${begin} ${end}`);
}
