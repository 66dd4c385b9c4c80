import { assert, assertEquals } from "@std/assert";
import { parseStatus } from "../../src/wire/message.ts";
import { QUICK_PROBE } from "../../src/wire/frame.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";

/** Longest gap in the lines of a thread that computes, and longest wait for the hub's answer, in milliseconds. */
const LONGEST_GAP = 500, LONGEST_ANSWER = 200;
/** How often an attack is tried whose times are too long. */
const TRIES = 8;

/** A program under attack, `fixtures/hostile.ts`. */
export class Target implements AsyncDisposable {
  readonly child: ChildProgram;
  readonly ports = PortBlock.claim(2);
  #round = 0;

  /** Starts it with these options of `listen`. */
  constructor(options: Record<string, unknown> = {}) {
    const args = [JSON.stringify({ ports: this.ports.range, ...options })];
    this.child = ChildProgram.deno("tests/fixtures/hostile.ts", { args });
  }

  /** Waits until both threads listen and have taken a change, which is slower the first time. */
  async ready(): Promise<void> {
    await this.child.until("START|Busy|DEBUG|busy");
    await this.#changeAll();
    await this.#gap();
  }

  /**
   * Runs an attack, and meanwhile asks who is there. Afterwards the program lives, its lines
   * have had no gap, the hub answers at once, and both threads take a good change.
   */
  async survive(attack: () => Promise<unknown>): Promise<void> {
    const times: string[] = [];
    // A machine that has much else to do may take long once, but not each time.
    for (let round = 0; round < TRIES; round++) {
      await this.#gap();
      const [during] = await Promise.all([this.#answerTime(), attack()]);
      const after = await this.#answerTime();
      const gap = await this.#gap();
      await this.#changeAll();
      if (gap <= LONGEST_GAP && after <= LONGEST_ANSWER) return;
      times.push(`a gap of ${gap} ms, answers after ${during} and ${after} ms`);
    }
    throw new Error(`Too slow each time: ${times.join("; ")}`);
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
    this.ports[Symbol.dispose]();
  }

  /** How long the hub takes to say who is there, in milliseconds. */
  async #answerTime(): Promise<number> {
    const begin = performance.now();
    for (;;) {
      const answer = await say(this.ports.first, QUICK_PROBE);
      const time = Math.round(performance.now() - begin);
      if (parseStatus(answer)?.name === "MainProcess") return time;
      // Many connections at once push out the oldest that has not asked yet, maybe this one.
      assert(readAck(answer).error!.message.includes("connections"), answer);
      if (time > LONGEST_ANSWER) return time;
    }
  }

  async #changeAll(): Promise<void> {
    const tag = `ROUND ${++this.#round}`;
    for (const port of this.ports.all) {
      // What an attack has put on top goes, so that it does not pile up.
      await sendConfig(port, { logdial: { command: "reset" } });
      const change = `${taggedConfig(tag, "DEBUG")}\n[logdial]\nwait = 10s\n`;
      await eventually(`${port} to take it`, async () => {
        const { status, error } = await sendConfig(port, change);
        // Connections of the attack that are still to come have who waits for a thread hurry.
        if (status === "pending") return undefined;
        assertEquals(status, "applied", error?.message);
        return true;
      });
    }
    const from = this.child.stdout.lines.length;
    await this.child.until(tagged(tag, "Busy", "DEBUG", "busy"), from);
  }

  /** The worker's longest gap since the last time. */
  async #gap(): Promise<number> {
    const text = `look ${++this.#round}`;
    await this.child.tell(text);
    return Number((await this.child.until(`${text} gap `)).split(" ").at(-1));
  }
}
