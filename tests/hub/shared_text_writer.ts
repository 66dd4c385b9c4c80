/// <reference lib="deno.worker" />
/**
 * Replaces a text without ever yielding; if it is given a second one, it reads that between
 * its writes until it says `end`, and posts how many were torn.
 */
import { SharedText, type SharedTextBuffers } from "../../src/hub/board/shared_text.ts";

/** How many writes between two looks at the messages. */
const ROUND = 500;

const given: SharedText[] = [];
const { port1, port2 } = new MessageChannel();
let number = 0, torn = 0;

self.onmessage = ({ data }: MessageEvent<SharedTextBuffers>) => {
  given.push(new SharedText(data));
  if (given.length > 1) return;
  port1.onmessage = writeOn;
  writeOn();
  self.postMessage("writing");
};

function writeOn(): void {
  const [mine, other] = given;
  for (let round = 0; round < ROUND; round++) {
    const length = number++ % 700;
    mine!.write(`${length}:${String.fromCharCode(97 + number % 26).repeat(length)}`);
    const found = other?.read() ?? "";
    if (found === "end") return self.postMessage(torn);
    if (found !== "" && !isWhole(found)) torn++;
  }
  port2.postMessage(0);
}

function isWhole(text: string): boolean {
  const [length = "", body = ""] = text.split(":");
  return Number(length) === body.length && body === "z".repeat(body.length);
}
