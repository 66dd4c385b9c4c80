import { isGone } from "../../src/wire/is_gone.ts";
import { encodeFrame, PROBE } from "../../src/wire/frame.ts";
import { RawPeer } from "../harness/raw_peer.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";

/** Ways to misbehave. */
const MISDEEDS = [
  "half a header",
  "half a frame",
  "a frame without end",
  "random bytes",
  "a random frame",
  "silence",
  "a reset",
  "a tail that nobody reads",
] as const;

/** A client that misbehaves, over and over. */
export class Vandal {
  /** What it has done, by kind. */
  readonly done: Record<string, number> = {};
  readonly #random: SeededBytes;
  readonly #ports: readonly number[];

  constructor(ports: readonly number[], seed: number) {
    this.#ports = ports;
    this.#random = new SeededBytes(seed);
  }

  /** Goes on until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const misdeed = MISDEEDS[this.#random.below(MISDEEDS.length)]!;
      try {
        const port = this.#ports[this.#random.below(this.#ports.length)]!;
        using peer = await RawPeer.connect(port);
        await this.#misbehave(misdeed, peer);
        this.done[misdeed] = (this.done[misdeed] ?? 0) + 1;
      } catch (error) {
        // Nobody is there now, or we were shown the door.
        if (!(isGone(error) || error instanceof Deno.errors.ConnectionRefused)) throw error;
      }
      await this.#pause(300);
    }
  }

  async #misbehave(misdeed: typeof MISDEEDS[number], peer: RawPeer): Promise<void> {
    const frame = encodeFrame(new TextEncoder().encode("[loggers]\nkeys = root\n"));
    switch (misdeed) {
      case "half a header":
        await peer.write(frame.subarray(0, 1 + this.#random.below(3)));
        return await this.#pause(1500);
      case "half a frame":
        await peer.write(frame.subarray(0, 4 + this.#random.below(frame.length - 4)));
        return await this.#pause(1500);
      case "a frame without end":
        await peer.write(new Uint8Array([0x7f, 0xff, 0xff, 0xff]));
        for (let count = 0; count < 50; count++) await peer.write(this.#random.take(1000));
        return;
      case "random bytes":
        return await peer.write(this.#random.take(1 + this.#random.below(5000)));
      case "a random frame":
        await peer.write(encodeFrame(this.#random.take(this.#random.below(2000))));
        return await this.#pause(50);
      case "silence":
        return await this.#pause(1500);
      case "a reset":
        // The answer finds the connection closed.
        return await peer.write(PROBE);
      case "a tail that nobody reads": {
        const tail = JSON.stringify({ logdial: { command: "tail", level: 10, logger: "" } });
        await peer.write(encodeFrame(new TextEncoder().encode(tail)));
        return await this.#pause(3000);
      }
    }
  }

  #pause(most: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random.below(most)));
  }
}
