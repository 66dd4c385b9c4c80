import { LOGGERS, PATH, type Peer } from "../peer.ts";
import { jsonLine, textLine } from "../line_by_hand.ts";

const signal = new Int32Array(new SharedArrayBuffer(4));

/** A level that another thread may turn by counting the signal up. */
class Level {
  /** Count at which DEBUG has to be looked at again. */
  quietUntil = 1;

  debug(_msg: string, ..._args: unknown[]): void {
    if (signal[0]! < this.quietUntil) return;
    throw new Error("Cannot get here: the level is above DEBUG");
  }
}

const log = new Level();
const loggers = LOGGERS.map(() => new Level());
const encoder = new TextEncoder();
const file = PATH === undefined ? Deno.stdout : Deno.openSync(PATH, { append: true });
const buffer = new Uint8Array(1 << 16);
let view = buffer.subarray(0, 0), size = 0;

/** The least that can be done by hand for the same output: the physical limit. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => write(textLine()),
  "json": (at) => write(jsonLine(at)),
  "buffered-text": () => append(textLine()),
  "buffered-json": (at) => append(jsonLine(at)),
};

/** Writes what waits. */
export function flush(): Promise<void> {
  if (size > 0) file.writeSync(buffer.subarray(0, size));
  size = 0;
  return Promise.resolve();
}

/** Writes a line with one system call; lines of the same length share a view. */
function write(line: string): void {
  const { written } = encoder.encodeInto(line, buffer);
  if (view.length !== written) view = buffer.subarray(0, written);
  file.writeSync(view);
}

/** Puts a line behind those that wait; writes them when there are 64 KiB. */
function append(line: string): void {
  // A character takes at most three bytes.
  if (size + line.length * 3 > buffer.length) {
    file.writeSync(buffer.subarray(0, size));
    size = 0;
  }
  size += encoder.encodeInto(line, buffer.subarray(size)).written;
}
