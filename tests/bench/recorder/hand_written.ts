/**
 * What a program would write by itself: lines of JSON in memory that it shares, of which the oldest
 * are overwritten, so that another thread finds whole ones.
 */
const SIZE = 1 << 20, HEADER = 64, RECORD_HEAD = 16;
const encoder = new TextEncoder();
const memory = new SharedArrayBuffer(HEADER + SIZE);
const words = new Int32Array(memory, 0, HEADER / 4);
const heads = new Int32Array(memory, HEADER), times = new Float64Array(memory, HEADER);
let first = 0, head = 0;
let lastSecond = 0, secondText = "";

/** Keeps a line with a time, a level, a logger and a message. */
export function keep(level: string, logger: string, message: string): void {
  const now = Date.now();
  const line = `{"time":"${timeText(now)}","level":"${level}","logger":"${logger}","message":${
    JSON.stringify(message)
  }}`;
  const room = 3 * line.length;
  let at = head & (SIZE - 1);
  if (at + RECORD_HEAD + room > SIZE) {
    giveUp(head + SIZE - at + RECORD_HEAD + room);
    heads[at >> 2] = at - SIZE;
    head += SIZE - at;
    at = 0;
  } else giveUp(head + RECORD_HEAD + room);
  const place = new Uint8Array(memory, HEADER + RECORD_HEAD + at, room);
  const { written } = encoder.encodeInto(line, place);
  heads[at >> 2] = written;
  times[(at >> 3) + 1] = now;
  head += (RECORD_HEAD + written + 7) & -8;
  Atomics.store(words, 1, head);
}

/** Gives up what will be overwritten up to there. */
function giveUp(end: number): void {
  if (end - first <= SIZE) return;
  while (end - first > SIZE) {
    const length = heads[(first & (SIZE - 1)) >> 2]!;
    first += length < 0 ? -length : (RECORD_HEAD + length + 7) & -8;
  }
  Atomics.exchange(words, 0, first);
}

/** In UTC; all but the milliseconds changes once a second. */
function timeText(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    secondText = new Date(now).toISOString().slice(0, 19);
  }
  const milliseconds = now - second * 1000;
  return `${secondText}.${
    milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : ""
  }${milliseconds}Z`;
}
