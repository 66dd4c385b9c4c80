import type { Override, ThreadStatus } from "../../wire/message.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { splitWords } from "../../core/text/split_words.ts";
import { linesText } from "../answers/lines_text.ts";
import { changeText, senderText } from "../answers/sender_text.ts";
import { recorderText } from "../printing/notes.ts";

/** The newest change that will be taken back; of a logger, that of those that name it. */
export function newestOverride(status: ThreadStatus, logger?: string): Override | undefined {
  const { overrides } = status;
  const meant = logger === undefined
    ? overrides
    : overrides.filter(({ label = "" }) => splitWords(label).some((one) => isOf(one, logger)));
  return meant.at(-1);
}

/** What is left of its time, as `9m 58s`. */
export function leftText({ until }: Override, now: number): string {
  return formatDuration(Date.parse(until) - now).replace(/(?<=[hm]) (?=\d[ms])/, " 0");
}

/** What is in force for a time, or was changed last, as short as it can be said. */
export function shortChange(status: ThreadStatus, logger?: string): string {
  const { pending, changed, overrides } = status;
  const override = newestOverride(status, logger);
  if (logger !== undefined) return override === undefined ? "" : endText(override);
  const waiting = pending === 0 ? [] : [`${pending} pending`];
  const recorded = recorderText(status) === "" ? [] : ["recording"];
  const more = overrides.length < 2 ? [] : [`+${overrides.length - 1} more`];
  const last = override !== undefined
    ? [endText(override)]
    : changed === null
    ? []
    : [`${changed.label ?? "a change"}${byText(changed.user)}`];
  return [...waiting, ...recorded, ...last, ...more].join(" · ");
}

/** All that is known of the changes of a thread, for people. */
export function longChange(status: ThreadStatus): string[] {
  const { changed, overrides, pending, silent = [] } = status;
  return [
    ...pending === 0 ? [] : [`${pending} pending until its next log call`],
    ...overrides.map((one) => `in force: ${senderText(one)}${linesLeft(one)}`),
    ...changed === null || overrides.some(({ id, at }) => id === changed.id && at === changed.at)
      ? []
      : [`changed: ${changeText(changed)}`],
    ...recorderText(status) === "" ? [] : [recorderText(status)],
    ...silent.map(({ logger, reason }) => `${logger}: ${reason}`),
  ];
}

/**
 * What ends an override; how many lines are left stands first, since what does not fit is cut off.
 */
function endText(override: Override): string {
  const { linesLeft, label = "a change", user } = override;
  return `${lines(override) === "" ? "" : `${linesLeft} lines · `}${label}${byText(user)}`;
}

function byText(user: string | undefined): string {
  return user === undefined ? "" : ` by ${user}`;
}

function lines({ maxLines, linesLeft }: Override): string {
  return linesText(maxLines, linesLeft);
}

/** How many lines are left, where the change has no end in time. */
function linesLeft(override: Override): string {
  return lines(override).replace(/^ or (.*)$/, ", $1 left");
}

/** Whether a word of a command sets the level of a logger. */
function isOf(word: string, logger: string): boolean {
  return word.startsWith(`${logger}=`);
}
