import { labelOf } from "../../wire/library_label.ts";
import type { LoggerInfo } from "../../wire/logger_info.ts";
import type { Choice, SeenThread, TopModel } from "./model.ts";

/** A row of the list: a thread, or below it one of its loggers. */
export interface ListRow {
  readonly thread: SeenThread;
  /** Undefined for the thread itself. */
  readonly logger?: LoggerInfo;
}

/** The rows that the filter lets through; a thread stays where one of its loggers does. */
export function listRows(model: TopModel): ListRow[] {
  const wanted = model.filter.toLowerCase();
  return model.threads.flatMap((thread) => {
    const isWanted = aboutThread(thread).toLowerCase().includes(wanted);
    const loggers = loggersBelow(model, thread)
      .filter(({ name, kind }) => isWanted || labelOf(name, kind).toLowerCase().includes(wanted));
    if (!isWanted && loggers.length === 0) return [];
    return [{ thread }, ...loggers.map((logger) => ({ thread, logger }))];
  });
}

/** Where the row that is chosen stands; where there is none any more, the one in its place. */
export function chosenIndex({ chosen, index }: TopModel, rows: readonly ListRow[]): number {
  const isOfThread = ({ thread }: ListRow) => thread.key === chosen?.thread;
  const exact = rows.findIndex((row) => isOfThread(row) && row.logger?.name === chosen?.logger);
  if (exact >= 0) return exact;
  const nearest = rows.findIndex(isOfThread);
  return nearest >= 0 ? nearest : Math.max(0, Math.min(index, rows.length - 1));
}

/** The row that is chosen, undefined where there is none at all. */
export function chosenRow(model: TopModel): ListRow | undefined {
  const rows = listRows(model);
  return rows[chosenIndex(model, rows)];
}

/** How a row is remembered. */
export function choiceOf({ thread, logger }: ListRow): Choice {
  return { thread: thread.key, logger: logger?.name };
}

/** Chooses a row that is there, and has so many rows of the list show it. */
export function keepInView(model: TopModel, page: number): void {
  const rows = listRows(model), index = chosenIndex(model, rows), row = rows[index];
  model.index = index;
  // Until all have been found, it is the first one, whichever answers first.
  const isChosen = model.chosen !== undefined || model.hasLooked;
  if (row !== undefined && isChosen) model.chosen = choiceOf(row);
  const last = Math.max(0, rows.length - page);
  const nearest = Math.max(index - page + 1, Math.min(model.offset, index));
  model.offset = Math.max(0, Math.min(nearest, last));
  model.page = page;
}

/** The thread itself stands for its root. */
function loggersBelow(model: TopModel, { key }: SeenThread): readonly LoggerInfo[] {
  if (!model.opened.has(key)) return [];
  return model.loggers.get(key)?.list?.loggers.filter(({ name }) => name !== "root") ?? [];
}

function aboutThread({ port, status, problem }: SeenThread): string {
  const { name, app, pid } = status ?? {};
  return [port, name, app, pid, problem].filter((one) => one !== undefined).join(" ");
}
