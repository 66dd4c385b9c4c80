import { getLogger, listen, NullHandler } from "../../../mod.ts";
import { keep } from "./hand_written.ts";

/** Whose calls: of a recorded logger, of one beside a recorded one, of any without a recorder, or by hand. */
export type Mode = "recorded" | "beside" | "none" | "floor";

/** What is called: dropped, or handled by a handler that does nothing, unless it is recorded. */
export type CallKind = "disabled" | "enabled";

/** Sets the thread up; gives what makes so many calls. */
export function prepare(mode: Mode): (kind: CallKind, count: number) => void {
  const log = getLogger("bench");
  log.addHandler(new NullHandler());
  log.propagate = false;
  // A call that was let through once is compiled differently, whoever it was let through for.
  log.setLevel("DEBUG");
  for (let at = 0; at < 20_000; at++) log.debug("a message");
  log.setLevel("INFO");
  if (mode === "floor") return (_, count) => keepAll(count);
  const recorded = mode === "recorded" ? "bench" : "app.db";
  // Not awaited: it has a port when it returns.
  listen(0, mode === "none" ? {} : { recorder: { levels: { [recorded]: "DEBUG" } } });
  return (kind, count) => {
    if (mode === "recorded") { for (let at = 0; at < count; at++) log.debug("%d rows found", at); }
    else if (kind === "disabled") { for (let at = 0; at < count; at++) log.debug("a message"); }
    else for (let at = 0; at < count; at++) log.info("a message");
  };
}

function keepAll(count: number): void {
  for (let at = 0; at < count; at++) keep("DEBUG", "bench", `${at} rows found`);
}
