import { jsonOf } from "../format/json_value.ts";
import { cutText } from "../format/json_writer.ts";
import { threeDigits } from "../format/time_format.ts";
import type { LogRecord } from "../records/log_record.ts";
import { flat } from "../text/flat.ts";
import { Recent } from "../text/recent.ts";

const QUOTED = new Recent<string>(256);

/** A level's or logger's name as JSON, which few are. */
export function quoted(text: string): string {
  return typeof text === "string" ? QUOTED.get(text, JSON.stringify) : jsonOf(text);
}

/** What does not change between lines of the same message. */
interface Head {
  readonly level: string;
  readonly logger: string;
  readonly members: string;
}

/** By message; those that arguments were merged into hardly come again. */
const HEADS = new Map<unknown, Head>();
const MAX_HEADS = 256, LONGEST_MESSAGE = 1000;
/** Of those that are not known one of so many is kept: what comes once only costs its keeping. */
const KEEP_ONE_OF = 16;
let misses = 0;

/** Level, logger and message, if they are kept for a record that has no arguments. */
export function keptMembers({ msg, name, levelname }: LogRecord): string | undefined {
  const known = HEADS.get(msg);
  const isSame = known !== undefined && known.level === levelname && known.logger === name;
  return isSame ? known.members : undefined;
}

/** Level, logger and message, which are kept where they may come again. */
export function headMembers(record: LogRecord, message: string): string {
  const { msg, name, levelname } = record;
  const members = `,"level":${quoted(levelname)},"logger":${quoted(name)},"message":${
    JSON.stringify(cutText(message))
  }`;
  if (canKeep(record, message) && misses++ % KEEP_ONE_OF === 0) {
    if (HEADS.size >= MAX_HEADS) HEADS.clear();
    HEADS.set(msg, { level: levelname, logger: name, members: flat(members) });
  }
  return members;
}

/** Whether the message is the same whatever the arguments, and what a filter put there is text. */
function canKeep({ msg, name, levelname }: LogRecord, message: string): boolean {
  return message === msg && message.length <= LONGEST_MESSAGE && !message.includes("%") &&
    typeof name === "string" && typeof levelname === "string";
}

let lastCreated = NaN;
let lastTime = "";
let lastSecond = NaN;
let lastPrefix = "";

/** The line's beginning, its time in UTC; the part down to the second is made once a second. */
export function timeMember(created: number): string {
  if (created === lastCreated) return lastTime;
  // What a program has put there may be no time at all.
  if (typeof created !== "number" || !(Math.abs(created) <= LAST_SECOND)) {
    return `{"time":${jsonOf(created)}`;
  }
  const milliseconds = Math.round(created * 1000);
  const second = Math.floor(milliseconds / 1000);
  if (second !== lastSecond) {
    lastPrefix = `{"time":"${new Date(second * 1000).toISOString().slice(0, -4)}`;
    lastSecond = second;
  }
  const rest = milliseconds - second * 1000;
  lastTime = flat(`${lastPrefix}${threeDigits(rest)}Z"`);
  lastCreated = created;
  return lastTime;
}

/** The last that a `Date` can hold. */
const LAST_SECOND = 8.64e12;
