import type { Delivery } from "../../client/request.ts";
import type { Flags } from "../arguments/flags.ts";
import { EXIT, exitStatus } from "./exit_status.ts";
import { type Group, groupAnswers, noAnswer, nobodyText } from "./groups.ts";
import { bold, columns, dim, print } from "../printing/print.ts";
import { printWrapped, wrapAll } from "../printing/wrap.ts";
import { printThreads } from "./print_result.ts";

/** How the answers of a command look that asks threads something. */
export interface AnswerLook {
  /** What stands before the label of a group. */
  readonly head?: string;
  /** Whether the label is left out where only one thread has answered. */
  readonly isBareAlone?: boolean;
  /** Puts threads together of which the same is shown; those whose answers are equal by default. */
  readonly group?: (deliveries: readonly Delivery[]) => Group[];
  /** Prints an answer, the first of some of which the same is shown. */
  readonly show: (delivery: Delivery, group: readonly Delivery[]) => void | Promise<void>;
}

/** Prints what threads have answered, what is equal once; returns the exit status. */
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

/** With a head, each line of an output that is to be read again has it, so that none is broken. */
async function printNoAnswer(delivery: Delivery, head: string): Promise<void> {
  const text = dim(noAnswer(delivery));
  if (head !== "") print(`${head}${text}`);
  else for (const line of await wrapAll([text], columns() - 2)) print(`  ${line}`);
}
