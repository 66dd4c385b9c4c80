import { fileConfig } from "../../../src/config/file_config.ts";
import { defaultRegistry } from "../../../src/config/build/registry.ts";
import { getLogger } from "../../../src/core/loggers/module_functions.ts";
import { StreamHandler } from "../../../src/handlers/stream_handler.ts";
import type { ByteStream } from "../../../src/core/io/byte_stream.ts";
import type { TextStream } from "../../../src/core/io/std_stream.ts";
import { listenSync } from "../../../src/hub/listen.ts";
import { wallTime } from "./clock.ts";

/** What a thread of the fleet needs to know; `fleet.py` reads the same. */
export interface ListenerOptions {
  /** Number of the thread in the fleet. */
  readonly index: number;
  readonly ports: readonly [number, number];
  readonly computing: boolean;
  /** Configuration to start with. */
  readonly config: string;
  /** Milliseconds after which it ends by itself. */
  readonly deadline: number;
  /** File for the moments when configurations were applied: a reader of a pipe would wake up. */
  readonly stamps: string;
}

const LOGGER = getLogger();

/** Configures the thread's loggers and listens. */
export function listenForChanges({ index, ports, config, stamps }: ListenerOptions): void {
  const file = Deno.openSync(stamps, { append: true });
  /** Tells the moment when a configuration is applied. */
  class StampHandler extends StreamHandler {
    constructor(stream: TextStream | ByteStream, level: number) {
      super(stream);
      file.writeSync(encodeLine(index, level, wallTime()));
    }
  }
  wallTime();
  defaultRegistry.registerHandler("logging.StampHandler", StampHandler, {
    parameters: ["stream", "mark"],
  });
  fileConfig(config);
  listenSync(undefined, { ports, wireHandlers: ["logging.StampHandler"] });
}

/** Idles, or computes and logs without ever yielding; either way until the deadline. */
export async function run({ computing, deadline }: ListenerOptions): Promise<void> {
  if (!computing) {
    await new Promise((resolve) => setTimeout(resolve, deadline));
    return;
  }
  const end = performance.now() + deadline;
  while (performance.now() < end) {
    compute();
    LOGGER.debug("Got HTTP response 200.");
  }
}

/** Some 50 µs of work, about as much as the reference's side does. */
function compute(): number {
  let sum = 0;
  for (let n = 1; n < 20_000; n++) sum += Math.sqrt(n);
  return sum;
}

const ENCODER = new TextEncoder();

/** For one write, so that threads do not mix. */
function encodeLine(...words: (string | number)[]): Uint8Array {
  return ENCODER.encode(`${words.join(" ")}\n`);
}

/** Tells who has started the fleet. */
export function report(word: string): void {
  Deno.stderr.writeSync(encodeLine(word));
}
