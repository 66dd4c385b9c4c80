import type { Manager } from "../../core/loggers/manager.ts";
import { joinedTaps } from "../../core/loggers/joined_taps.ts";
import type { Recorder } from "./recorder.ts";
import type { ByteRing } from "../../core/shared/byte_ring.ts";
import type { Tap } from "../board/orders.ts";
import { TailTap } from "./tail_tap.ts";

/** What sees a thread's records beside the handlers: tails, and the recorder. */
export class Watchers {
  readonly #manager: Manager;
  /** Keeps records for those who ask later. */
  readonly recorder: Recorder;
  #tail: TailTap | undefined;

  /** The recorder, and tails to come, see the records of this manager. */
  constructor(manager: Manager, recorder: Recorder) {
    this.#manager = manager;
    this.recorder = recorder;
  }

  /** Copies records for those who watch now; undefined if nobody does. */
  get tail(): TailTap | undefined {
    return this.#tail;
  }

  /** Copies to the ring the records that `taps` want; without taps it copies none any more. */
  showTails(ring: ByteRing, taps: readonly Tap[]): void {
    this.#tail = taps.length === 0 ? undefined : new TailTap(ring, taps);
    this.#connect();
  }

  /** Lets the recorder keep records from now on, as configurations say. */
  begin(): void {
    const update = (isAsBefore: boolean) => {
      this.recorder.update(isAsBefore);
      this.#connect();
    };
    this.#manager.onRecording = update;
    update(false);
  }

  /** Shows no more records to anybody. */
  end(): void {
    this.#manager.onRecording = undefined;
    this.#manager.tap = undefined;
  }

  #connect(): void {
    const recorder = this.recorder.isOn ? this.recorder : undefined;
    this.#manager.tap = joinedTaps(this.#tail, recorder);
  }
}
