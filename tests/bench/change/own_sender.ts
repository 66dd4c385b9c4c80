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
  const [path, first, count] = line.trim().split(" ") as [string, string, string];
  const text = await Deno.readTextFile(path);
  const ports = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
  const begin = wallTime();
  const deliveries = await send(text, { ports });
  const end = wallTime();
  const failed = deliveries.find(({ outcome }) => outcome !== "applied" && outcome !== "pending");
  if (failed !== undefined || deliveries.length !== ports.length) {
    throw new Error(`Cannot send to all ports: ${JSON.stringify(failed ?? deliveries.length)}`);
  }
  console.log(`${begin} ${end}`);
}
