import { jsonOf } from "../format/json_value.ts";
import { cutText } from "../format/json_writer.ts";
import { threeDigits } from "../format/time_format.ts";
import type { LogRecord } from "../records/log_record.ts";
import { flat } from "../text/flat.ts";
import { Recent } from "../text/recent.ts";

const QUOTED = new Recent<string>(256);

/** The JSON of a level's or logger's name; kept, since there are few names. */
export function quoted(text: string): string {
  return typeof text === "string" ? QUOTED.get(text, JSON.stringify) : jsonOf(text);
}

/** The JSON that lines of the same message have in common. */
interface Head {
  readonly level: string;
  readonly logger: string;
  readonly members: string;
}

/** The kept heads by message; a message with merged arguments hardly comes again. */
const HEADS = new Map<unknown, Head>();
const MAX_HEADS = 256, LONGEST_MESSAGE = 1000;
/** Of unknown messages one in so many is kept: to keep one that comes only once would be a waste. */
const KEEP_ONE_OF = 16;
let misses = 0;

/** The kept members for level, logger and message of a record without arguments; undefined if none. */
export function keptMembers({ msg, name, levelname }: LogRecord): string | undefined {
  const known = HEADS.get(msg);
  const isSame = known !== undefined && known.level === levelname && known.logger === name;
  return isSame ? known.members : undefined;
}

/** The members for level, logger and message, which are kept if they may come again. */
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

/** Whether the message has no arguments merged in, and all three are texts, whatever filters did. */
function canKeep({ msg, name, levelname }: LogRecord, message: string): boolean {
  return message === msg && message.length <= LONGEST_MESSAGE && !message.includes("%") &&
    typeof name === "string" && typeof levelname === "string";
}

let lastCreated = NaN;
let lastTime = "";
let lastSecond = NaN;
let lastPrefix = "";

/** The line's beginning with the time in UTC; all but the milliseconds is made once a second. */
export function timeMember(created: number): string {
  if (created === lastCreated) return lastTime;
  // The program may have put something there that is no time.
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

/** The last second that a `Date` can hold. */
const LAST_SECOND = 8.64e12;
