import type { Delivery } from "../../client/request.ts";
import type { Flags } from "../arguments/flags.ts";
import { EXIT, exitStatus } from "./exit_status.ts";
import { type Group, groupAnswers, noAnswer, nobodyText } from "./groups.ts";
import { bold, columns, dim, print } from "../printing/print.ts";
import { printWrapped, wrapAll } from "../printing/wrap.ts";
import { printThreads } from "./print_result.ts";

/** How to show the answers of a command that asks threads something. */
export interface AnswerLook {
  /** The text before the label of a group. */
  readonly head?: string;
  /** Whether the label is left out if only one thread has answered. */
  readonly isBareAlone?: boolean;
  /** Groups threads of which the same is shown; by default those with equal answers. */
  readonly group?: (deliveries: readonly Delivery[]) => Group[];
  /** Prints an answer: the first one of its group. */
  readonly show: (delivery: Delivery, group: readonly Delivery[]) => void | Promise<void>;
}

/** Prints what threads have answered, equal answers once; returns the exit status. */
export async function reportAnswers(
  deliveries: readonly Delivery[],
  flags: Flags,
  { head = "", isBareAlone = false, group = groupAnswers, show }: AnswerLook,
): Promise<number> {
  const exit = exitStatus(deliveries);
  if (flags.json) {
    printThreads({ command: flags.command, exit }, deliveries);
    return exit;
  }
  for (const { label: [ports, who], members } of group(deliveries)) {
    const [first] = members;
    if (deliveries.length > 1 || !isBareAlone) await printWrapped(`${head}${bold(ports)} ${who}`);
    if (first!.result === undefined) await printNoAnswer(first!, head);
    else await show(first!, members);
  }
  if (exit === EXIT.nobody) await printNobody(nobodyText(deliveries, flags), head);
  return exit;
}

async function printNobody(text: string, head: string): Promise<void> {
  if (head !== "") print(`${head}${text}`);
  else await printWrapped(text);
}

/** Prints why a thread has no answer; with the head on each line, for outputs that programs read. */
async function printNoAnswer(delivery: Delivery, head: string): Promise<void> {
  const text = dim(noAnswer(delivery));
  if (head !== "") print(`${head}${text}`);
  else for (const line of await wrapAll([text], columns() - 2)) print(`  ${line}`);
}
