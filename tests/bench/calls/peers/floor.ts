import { LOGGERS, NAME, PATH, type Peer } from "../peer.ts";

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
let lastSecond = 0, secondText = "";

/** The least that can be done by hand for the same output: the physical limit. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => write(`${timeText()} - ${NAME} - INFO - Got HTTP response 200.\n`),
  "json": (at) => write(jsonLine(at)),
  "buffered-text": () => append(`${timeText()} - ${NAME} - INFO - Got HTTP response 200.\n`),
  "buffered-json": (at) => append(jsonLine(at)),
};

/** Writes what waits. */
export function flush(): Promise<void> {
  if (size > 0) file.writeSync(buffer.subarray(0, size));
  size = 0;
  return Promise.resolve();
}

function jsonLine(at: number): string {
  const fields = { method: "GET", path: "/api/users", status: 200, duration: at, user: "kim" };
  return `{"time":"${timeText()}","level":"INFO","logger":"${NAME}","message":"request done",` +
    JSON.stringify(fields).slice(1) + "\n";
}

/** The local time; all but the milliseconds changes once a second. */
function timeText(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000);
    secondText = local.toISOString().slice(0, 19).replace("T", " ");
  }
  const milliseconds = now - second * 1000;
  const padding = milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : "";
  return `${secondText},${padding}${milliseconds}`;
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
