import { type ChangeRow, FleetOperator, isOffline, rowsFor } from "../../fleet/fleet_operator.ts";
import { isUnanswered, natsReason, placesOf } from "../../fleet/nats/nats_connect.ts";
import { type FleetTarget, targetText } from "../../fleet/fleet_target.ts";
import type { StoredChange } from "../../fleet/fleet_change.ts";
import { suggestOrList } from "../../core/errors/suggest.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import type { Command } from "../arguments/command.ts";
import { DEFAULT_HELP, DEFAULT_OPTION } from "../arguments/config_source.ts";
import { duration, type Flags, wholeNumber } from "../arguments/flags.ts";
import { SENDER_NOTE, senderOptions } from "../arguments/sender.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { EXIT } from "../answers/exit_status.ts";
import { printResult } from "../answers/print_result.ts";
import { reportChange, settled, unsettled, WAIT_MS } from "../fleet/change_answer.ts";
import { showHistory } from "../fleet/fleet_history.ts";
import { showDiff, showStatus } from "../fleet/fleet_status.ts";
import { interruptible } from "../fleet/interruptible.ts";
import { NATS_HELP, NATS_NOTE, NATS_TEXTS, natsOptions } from "../fleet/nats_flags.ts";
import {
  changeOfFile,
  changeOfLevels,
  checkStored,
  targetOf,
  type WantedChange,
} from "../fleet/wanted_change.ts";
import { print, printError, yellow } from "../printing/print.ts";

const HELP = `Turns levels on many hosts, whose agents take what is stored in NATS.

Usage: logdial fleet status
       logdial fleet set LOGGER=LEVEL ... [options]
       logdial fleet send FILE [options]
       logdial fleet history
       logdial fleet rollback [N] [options]
       logdial fleet diff
${NATS_HELP}
  --app NAME      threads of that program only; * stands for any text
  --host NAME     threads on that host only, such as 'web-*'
  --thread NAME   threads of that name only
  --for TIME      take it back after that time, such as 90s, 10m or 1h30m
  --lines N       take it back after so many lines that it brings out; they are
                  divided among the processes that are there
  --forever       go beyond what the listeners' policy would cap
  --where K=V     set: only log calls with that field, as the command set has
                  it; so are --match TEXT and --sample 1/N
  --rollout LIST  only so many of the threads at first, such as 1%,10%,100%
  --every TIME    how long each step lasts (default 1m)
  --max-lines N   stop the rollout at more lines of a process a second
  --max-errors N  stop it at more ERROR records of a host a second
  --wait TIME     wait so long for agents to tell (default 5s); Ctrl-C ends the
                  wait, and what is stored stays
  --reason TEXT   why, for status, history and the programs' logs${DEFAULT_HELP}
  --json          print JSON
  --help          this text
${NATS_NOTE}
${SENDER_NOTE}

What is stored is for those as well that come later. Of several changes for the
same logger the one that ends by itself wins, then the one that says more
exactly whom it means, then the newest. What turns a logger below INFO, or to a
level that only programs know, ends after 1h unless --for or --forever is
given. A rollout needs nobody to stay: it stops by itself where a thread
rejects the change or a limit is passed, and then goes back everywhere.
rollback takes back the newest changes, of those for a target if one is given,
and none where there are fewer.
diff tells where threads are not as the fleet is to be.

Exit status:
  0  all threads that it means and whose step it is have it, or the question is
     answered
  1  one rejects it, its rollout was stopped, or the server cannot be reached
  2  wrong usage or a bad file; nothing was stored
  3  no agent tells of anybody whom it means; a change is stored all the same
  4  not rejected, but pending or ended somewhere, or a host is offline; diff:
     something differs

Examples:
  logdial fleet set app.db=DEBUG --host 'web-*' --for 10m --lines 100000
  logdial fleet set app=DEBUG --rollout 1%,10%,100% --every 1m --max-errors 5
  logdial fleet rollback --reason 'found it'`;

/** Most threads that are named where there is one line for all. */
const MOST_NAMED = 5;

/** What each word after `fleet` does. */
const PARTS: Readonly<
  Record<string, (words: readonly string[], flags: Flags) => Promise<number>>
> = {
  status: (words, flags) => asking(words, flags, showStatus),
  set: (words, flags) => change(changeOfLevels(words, flags), flags),
  send: async (words, flags) => {
    const [word, ...more] = words;
    if (word === undefined) throw new UsageError("Cannot run fleet send: name a file or a preset");
    noMore(more);
    return await change(await changeOfFile(word, flags), flags);
  },
  history: (words, flags) => asking(words, flags, showHistory),
  rollback: (words, flags) => rollback(words, flags),
  diff: (words, flags) => asking(words, flags, showDiff),
};

async function run(flags: Flags): Promise<number> {
  const [part = "", ...words] = flags.words;
  if (!Object.hasOwn(PARTS, part)) {
    const known = suggestOrList(part, Object.keys(PARTS));
    throw new UsageError(`Cannot run fleet${part === "" ? "" : ` "${part}"`}: ${known}`);
  }
  return await PARTS[part]!(words, flags);
}

async function asking(
  words: readonly string[],
  flags: Flags,
  show: (operator: FleetOperator, flags: Flags) => Promise<number>,
): Promise<number> {
  noMore(words);
  return await connected(flags, (operator) => show(operator, flags));
}

async function change(wanted: WantedChange, flags: Flags): Promise<number> {
  const wait = waitOf(flags);
  return await connected(flags, async (operator) => {
    const shares = wanted.lines === undefined ? {} : { shares: await sharesOf(operator, wanted) };
    return await interruptible(async (signal) => {
      const kept = await operator.add({ ...wanted, ...shares });
      const { label, id } = kept.change;
      const [rows, told] = await learned(`Stored ${label} (${id})`, async () => {
        const rows = await settled(operator, kept, wait, signal);
        return [rows, await operator.withHalt(kept)] as const;
      });
      return await reportChange(told, rows, flags, operator.now);
    });
  });
}

/** Asks for the outcome; if that fails, the error tells what has been done. */
async function learned<T>(done: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const reason = isUnanswered(error) ? "it does not answer" : natsReason(error);
    throw new Error(`${done}, but the server does not tell what came of it: ${reason}`, {
      cause: error,
    });
  }
}

/** How many processes a change means, without those of agents that are offline. */
async function sharesOf(operator: FleetOperator, { to }: WantedChange): Promise<number> {
  const agents = (await operator.agents()).filter((one) => !isOffline(one, operator.now));
  const all = rowsFor({ key: "", change: { id: "", label: "", text: "", to, at: 0 } }, agents);
  return Math.max(1, new Set(all.map(({ host, pid }) => `${pid} ${host}`)).size);
}

async function rollback(words: readonly string[], flags: Flags): Promise<number> {
  const [count = "1", ...more] = words;
  noMore(more);
  checkStored(flags);
  const steps = wholeNumber("N", count), target = targetOf(flags), wait = waitOf(flags);
  const act = async (operator: FleetOperator, signal: AbortSignal) => {
    const said = { label: `rollback ${steps}`, ...senderOptions(flags) };
    const ended = await operator.takeBack(steps, target, said);
    const left = ended.length === 0 ? [] : await learned(
      `Took back ${ended.map(({ label, id }) => `${label} (${id})`).join(", ")}`,
      () => unsettled(operator, ended, wait, signal),
    );
    return reportRollback(ended, left, target, flags);
  };
  return await connected(
    flags,
    (operator) => interruptible((signal) => act(operator, signal)),
  );
}

function reportRollback(
  ended: readonly StoredChange[],
  rows: readonly ChangeRow[],
  target: FleetTarget,
  flags: Flags,
): number {
  const left = [
    ...new Set(rows.map(({ host, thread, port }) => `${thread || `port ${port}`} on ${host}`)),
  ];
  const exit = ended.length === 0 ? EXIT.nobody : left.length === 0 ? EXIT.ok : EXIT.unconfirmed;
  if (flags.json) {
    const actions = ended.map(({ id, label, to }) => ({ id, label, to }));
    printResult({ command: flags.command, exit, actions, unsettled: left });
    return exit;
  }
  for (const { id, label, to } of ended) {
    print(`took back ${label} (${id}), for ${targetText(to)}`);
  }
  if (ended.length === 0) print(yellow(`nothing to take back for ${targetText(target)}`));
  if (left.length > 0) {
    const more = left.length > MOST_NAMED ? `, and ${left.length - MOST_NAMED} more` : "";
    const named = left.slice(0, MOST_NAMED).join(", ");
    print(yellow(`not yet taken back, or not told so, at ${named}${more}`));
  }
  return exit;
}

async function connected(
  flags: Flags,
  act: (operator: FleetOperator) => Promise<number>,
): Promise<number> {
  const options = natsOptions(flags);
  const operator = await FleetOperator.connect(options);
  try {
    return await act(operator);
  } catch (error) {
    // The library does not say what the server was asked.
    const reason = isUnanswered(error) ? `${placesOf(options)} does not answer` : natsReason(error);
    if (reason === reasonOf(error)) throw error;
    throw new Error(`Cannot go on: ${reason}`, { cause: error });
  } finally {
    for (const one of operator.settingFaults) printError(yellow(one));
    for (const one of operator.skipped) printError(yellow(`left out: ${one}`));
    await operator.close();
  }
}

function waitOf({ texts }: Flags): number {
  const wait = texts.get("wait");
  return wait === undefined ? WAIT_MS : duration("wait", wait);
}

function noMore([word]: readonly string[]): void {
  if (word !== undefined) throw new UsageError(`Cannot use "${word}": it is one word too many`);
}

/** `logdial fleet`. */
export const COMMAND: Command = {
  help: HELP,
  flags: {
    isLocal: true,
    texts: [
      ...NATS_TEXTS,
      "app",
      "host",
      "thread",
      "for",
      "lines",
      "sample",
      "match",
      "rollout",
      "every",
      "max-lines",
      "max-errors",
      "wait",
      "reason",
    ],
    pairs: ["where", DEFAULT_OPTION],
    switches: ["forever"],
  },
  run,
};
