import { levelsConfig } from "../../client/levels_config.ts";
import { typedLevels } from "../../core/levels/above_all.ts";
import { Parcel } from "../../client/send.ts";
import { MOST_LINES } from "../../config/text/extension_words.ts";
import { readMatch, readSample } from "../../config/spec/scope_setting.ts";
import { DEFAULT_MAX_OVERRIDE } from "../../hub/board/attach_options.ts";
import { turnsBelowInfo } from "../../hub/board/override_policy.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import type { FleetChange } from "../../fleet/fleet_change.ts";
import { quoteWord } from "../../core/text/quote_word.ts";
import { lengthFault } from "../../fleet/fleet_lengths.ts";
import type { FleetTarget } from "../../fleet/fleet_target.ts";
import { parseSteps, type Rollout } from "../../fleet/rollout.ts";
import { readConfigSource } from "../arguments/config_source.ts";
import { duration, type Flags, readOption, wholeNumber } from "../arguments/flags.ts";
import { readLevels } from "../arguments/level_words.ts";
import { senderOptions } from "../arguments/sender.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { whereFields } from "../arguments/where_fields.ts";

/** A change as an operator wants it. */
export type WantedChange = Omit<FleetChange, "id" | "at">;

/** How long a step of a rollout lasts unless it is said, in milliseconds. */
const STEP_MS = 60_000;

/** The change that `fleet set` wants. */
export function changeOfLevels(words: readonly string[], flags: Flags): WantedChange {
  const levels = readLevels(words, "set");
  const { scope, said } = scopeOf(flags);
  const text = levelsConfig(levels, true, scope);
  const typed = typedLevels(levels).map(quoteWord);
  return wanted(`set ${typed.join(" ")}${said}`, text, flags, true);
}

/** The change that `fleet send` wants. */
export async function changeOfFile(word: string, flags: Flags): Promise<WantedChange> {
  for (const option of ["sample", "match"]) {
    if (flags.texts.has(option)) throw new UsageError(`Cannot use --${option} with fleet send`);
  }
  if (whereFields(flags) !== undefined) {
    throw new UsageError("Cannot use --where with fleet send");
  }
  const { label, text } = await readConfigSource(word, flags);
  const fault = lengthFault("text", text);
  if (fault !== undefined) throw new UsageError(`Cannot send ${label}: ${fault}`);
  return wanted(`send ${label}`, text, flags, false);
}

/**
 * Refuses options that are too long to be stored, before anything is stored.
 *
 * @throws {UsageError} An option is too long.
 */
export function checkStored({ texts }: Flags): void {
  for (const option of ["app", "host", "thread", "reason"] as const) {
    const fault = lengthFault(option, texts.get(option) ?? "");
    if (fault !== undefined) throw new UsageError(`Cannot use --${option}: ${fault}`);
  }
}

/** The target of a command of the fleet. */
export function targetOf({ texts }: Flags): FleetTarget {
  const app = texts.get("app"), host = texts.get("host"), thread = texts.get("thread");
  return {
    ...app === undefined ? {} : { app },
    ...host === undefined ? {} : { host },
    ...thread === undefined ? {} : { thread },
  };
}

function wanted(label: string, text: string, flags: Flags, isSet: boolean): WantedChange {
  const { texts, switches } = flags;
  checkStored(flags);
  const isForever = switches.has("forever");
  const time = texts.get("for"), count = texts.get("lines");
  const lines = count === undefined ? undefined : wholeNumber("--lines", count, MOST_LINES);
  // This throws if the configuration is wrong, before anything is stored.
  new Parcel(text, {});
  // This is the cap that listeners have too: what is set for the moment must not stay by accident.
  // A level that only programs know may be below INFO in any of them, also in later ones.
  const isShort = !isForever &&
    (lines !== undefined || isSet && turnsBelowInfo(text, () => NOTSET));
  const lasts = time !== undefined
    ? duration("for", time)
    : isShort
    ? DEFAULT_MAX_OVERRIDE
    : undefined;
  const rollout = rolloutOf(flags);
  const longest = rollout === undefined ? 0 : (rollout.steps.length - 1) * rollout.every;
  if (lasts !== undefined && lasts <= longest) {
    throw new UsageError("Cannot roll out: the change ends before its last step, give --for TIME");
  }
  return {
    label: label.slice(0, 100),
    text,
    to: targetOf(flags),
    ...senderOptions(flags),
    ...lasts === undefined ? {} : { lasts },
    ...lines === undefined ? {} : { lines },
    ...isForever ? { forever: true } : {},
    ...rollout === undefined ? {} : { rollout },
  };
}

function scopeOf(flags: Flags): { scope: object; said: string } {
  const { texts } = flags, where = whereFields(flags);
  const sample = texts.get("sample"), match = texts.get("match");
  if (sample !== undefined) readOption(`--sample "${sample}"`, () => readSample(sample));
  if (match !== undefined) readOption("--match", () => readMatch(match));
  const said = Object.entries(where ?? {}).map(([path, value]) => ` --where ${path}=${value}`);
  if (sample !== undefined) said.push(` --sample ${sample}`);
  if (match !== undefined) said.push(` --match '${match}'`);
  return { scope: { where, sample, match }, said: said.join("") };
}

function rolloutOf({ texts }: Flags): Rollout | undefined {
  const steps = texts.get("rollout"), every = texts.get("every");
  const lines = texts.get("max-lines"), errors = texts.get("max-errors");
  if (steps === undefined) {
    const alone = ["every", "max-lines", "max-errors"].find((option) => texts.has(option));
    if (alone !== undefined) throw new UsageError(`Cannot use --${alone} without --rollout`);
    return undefined;
  }
  return {
    steps: readOption("--rollout", () => parseSteps(steps)),
    every: every === undefined ? STEP_MS : duration("every", every),
    ...lines === undefined ? {} : { maxLines: wholeNumber("--max-lines", lines) },
    ...errors === undefined ? {} : { maxErrors: wholeNumber("--max-errors", errors) },
  };
}
