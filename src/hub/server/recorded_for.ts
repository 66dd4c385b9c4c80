import { areLetInTo, type Guards } from "../board/attach_options.ts";
import { isMeant } from "../board/orders.ts";
import type { Recorded, Recordings } from "../dump/recordings.ts";
import type { Aim } from "../../wire/command.ts";
import { toldName } from "../../wire/told_texts.ts";
import type { GuardedThread } from "./lead.ts";

/** The records of the threads that a sender means and may read, living ones by their ids. */
export function recordedFor(
  recordings: Recordings,
  living: ReadonlyMap<string, GuardedThread>,
  to: Aim | undefined,
  letInBy: readonly Guards[],
): Recorded[] {
  return recordings.all.filter(({ thread }) => {
    const port = living.get(thread.id)?.thread.port ?? 0;
    return areLetInTo(thread, letInBy) && isMeant(
      { name: toldName(thread.name), app: toldName(thread.app), port },
      to,
    );
  });
}
