import { isGone } from "../../src/wire/is_gone.ts";
import { NoTargetError } from "../../src/client/targets.ts";
import { tail } from "../../src/client/tail.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import type { Violations } from "./violations.ts";

/** Most ports that are watched at a time. */
const MOST = 6;

/** Somebody who watches some threads for a while, over and over. */
export class Watcher {
  tails = 0;
  records = 0;
  readonly #ports: readonly number[];
  readonly #random: SeededBytes;
  readonly #violations: Violations;

  constructor(ports: readonly number[], seed: number, violations: Violations) {
    this.#ports = ports;
    this.#random = new SeededBytes(seed);
    this.#violations = violations;
  }

  /** Goes on until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ports = Array.from(
        { length: 1 + this.#random.below(MOST) },
        () => this.#ports[this.#random.below(this.#ports.length)]!,
      );
      const timeout = AbortSignal.timeout(500 + this.#random.below(4000));
      const level = [10, 20, 40][this.#random.below(3)]!;
      try {
        await this.#watch([...new Set(ports)], level, AbortSignal.any([signal, timeout]));
      } catch (error) {
        // Whoever was there has gone.
        const isNobody = error instanceof NoTargetError ||
          error instanceof Deno.errors.ConnectionRefused ||
          isGone(error);
        if (!isNobody) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #watch(ports: number[], level: number, signal: AbortSignal): Promise<void> {
    this.tails++;
    for await (const record of tail({ ports: ports.map((port) => [port, port]), level, signal })) {
      if (!("message" in record)) continue;
      this.records++;
      if (record.levelno >= level) continue;
      this.#violations.add(`Watched from ${level}, seen ${JSON.stringify(record)}`);
    }
  }
}
