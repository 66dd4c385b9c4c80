import { type FleetTarget, isPattern } from "./fleet_target.ts";

/** The bucket of what operators want. */
export const BUCKET = "logdial";
/** The bucket of what agents have found and done. */
export const SEEN_BUCKET = "logdial_seen";
/** The subject on which the server repeats every write to the first bucket; the key follows it. */
export const LIVE = "logdial.live";

/** Changes that stay (`base`), and changes that end by themselves (`ovr`), which lie above the others. */
export type Lifetime = "base" | "ovr";

/**
 * A name as one part of a key. A byte of UTF-8 that NATS or we have a use for is written as `_`
 * and two digits, so that no two names become the same; an empty name, which NATS has no part
 * for, as `_` alone.
 */
export function escapePart(name: string): string {
  if (name === "") return "_";
  const bytes = new TextEncoder().encode(name);
  return Array.from(bytes, (byte) => {
    const letter = String.fromCharCode(byte);
    return /[-a-zA-Z0-9]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}

/** The key under which a change for a target is stored; patterns are no part of the key. */
export function keyOf(lifetime: Lifetime, target: FleetTarget): string {
  const host = exact(target.host), app = exact(target.app);
  if (host !== undefined && app !== undefined) {
    return `${lifetime}.inst.${escapePart(host)}.${escapePart(app)}`;
  }
  if (host !== undefined) return `${lifetime}.host.${escapePart(host)}`;
  return app === undefined ? `${lifetime}.all` : `${lifetime}.app.${escapePart(app)}`;
}

/** All keys that may mean threads of a host that runs these programs. */
export function keysFor(host: string, apps: Iterable<string>): string[] {
  const targets: FleetTarget[] = [{}, { host }];
  for (const app of apps) {
    // A program whose name looks like a pattern is meant by patterns only.
    if (!isPattern(app)) targets.push({ app }, { host, app });
  }
  return targets.flatMap((target) => [keyOf("base", target), keyOf("ovr", target)]);
}

/** The lifetime of the changes under a key; undefined where no changes stand. */
export function lifetimeOf(key: string): Lifetime | undefined {
  const [first] = key.split(".");
  return first === "base" || first === "ovr" ? first : undefined;
}

/** The key under which an agent says that a rollout has to stop. */
export function haltKey(id: string): string {
  return `halt.${escapePart(id)}`;
}

/** The key of an agent's report: agents that serve the same threads of a host share it. */
export function seenKey(host: string, agent: string): string {
  return `${escapePart(host)}.${escapePart(agent)}`;
}

function exact(part: string | undefined): string | undefined {
  return part === undefined || isPattern(part) ? undefined : part;
}
