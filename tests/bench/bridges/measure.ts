import type { Pace, Result } from "../case.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer } from "../race.ts";
import type { BridgeCall, LibraryName } from "./libraries.ts";

const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 2, rounds: 20 },
  quick: { starts: 1, rounds: 12 },
};
/** Calls of a round, and rounds before those that are measured. */
const CALLS: Readonly<Record<BridgeCall, number>> = { dropped: 1_000_000, enabled: 20_000 };
const WARM_UP_ROUNDS = 10;

/** A program that makes calls of a library. */
class Contestant implements Racer {
  readonly name: string;
  readonly #process: LineProcess;
  readonly #count: number;

  private constructor(name: string, process: LineProcess, count: number) {
    this.name = name;
    this.#process = process;
    this.#count = count;
  }

  static async start(mode: string, library: LibraryName, kind: BridgeCall): Promise<Contestant> {
    const command = await denoCommand(new URL("./program.ts", import.meta.url));
    const process = new LineProcess([...command, library, mode, kind], "stdout");
    await process.untilReady();
    const one = new Contestant(mode, process, CALLS[kind]);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await one.round();
    return one;
  }

  async round(): Promise<number> {
    await this.#process.write(`${this.#count}\n`);
    return Number(await this.#process.read());
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }
}

/** Time of a call of a library that is bridged, beside the same without a bridge. */
export async function measureBridge(
  library: LibraryName,
  kind: BridgeCall,
  pace: Pace,
): Promise<Result> {
  const times = await race(PLANS[pace], async (racers) => {
    for (const mode of ["bridged", "plain"]) {
      racers.push(await Contestant.start(mode, library, kind));
    }
  });
  const names = { ours: "bridged", floor: "floor" };
  return { unit: "ns", ...conclude(times, { peers: ["plain"] }, 1, names) };
}
