import type { Flags } from "../arguments/flags.ts";

/** Ports as the command line has them. */
export function portsText({ ports }: Flags["targets"]): string {
  return ports.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(",");
}

/**
 * The name of an agent, made of the threads that it serves. Agents of a host that serve the same
 * threads have the same name, so that the next one after a crash overwrites what the last one told.
 */
export function agentName(targets: Flags["targets"]): string {
  const { hostname, name, pid, app } = targets;
  const parts = Object.entries({ host: hostname, app, name, pid }).flatMap(([what, value]) =>
    value === undefined ? [] : `${what} ${value}`
  );
  return [portsText(targets), ...parts].join(" ");
}
