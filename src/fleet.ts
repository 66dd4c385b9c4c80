/**
 * Joins a fleet of hosts that operators turn by `logdial fleet`, from inside a program. Beside
 * programs, `logdial agent` does the same, and they need nothing of it.
 *
 * @module
 */
import "./core/runtime/require_deno.ts";
import { neededFlags } from "./core/io/permission_flag.ts";
import {
  checkOptions,
  isFilledText,
  isFunction,
  isKey,
  isWholeNumber,
  type OptionRule,
  type OptionRules,
  secretRule,
} from "./core/errors/check_options.ts";
import { SCAN_RULES } from "./client/ports/scan.ts";
import { FleetAgent } from "./fleet/fleet_agent.ts";
import { lengthFault } from "./fleet/fleet_lengths.ts";
import { type HostThread, LocalThreads } from "./fleet/host_threads.ts";
import { credsFault, nkeyFault, tlsFault } from "./fleet/nats/login_faults.ts";
import { type NatsOptions, serversOf } from "./fleet/nats/nats_connect.ts";
import { DEFAULT_PORTS, type PortRange } from "./hub/board/attach_options.ts";

/**
 * Options of {@linkcode joinFleet}.
 *
 * @example
 * ```ts
 * import type { FleetOptions } from "@logdial/logging/fleet";
 *
 * const options: FleetOptions = { nats: "nats://nats.example:4222", ports: [9101, 9109] };
 * console.log(options);
 * ```
 */
export interface FleetOptions extends NatsOptions {
  /** Name of the host in the fleet. @default what the system calls it */
  readonly hostName?: string;
  /** The ports on which the program's threads listen. @default [9001, 9029] */
  readonly ports?: readonly [first: number, last: number];
  /** Key that signs what is sent, as the listeners know it. @default none */
  readonly key?: string;
  /** Is told what happens to the connection. @default nobody */
  readonly say?: (text: string) => void;
}

/**
 * Membership of a program in a fleet.
 *
 * @example
 * ```ts
 * import type { FleetMember } from "@logdial/logging/fleet";
 *
 * async function leave(member: FleetMember): Promise<void> {
 *   await member.close();
 * }
 * console.log(leave.name);
 * ```
 */
export interface FleetMember {
  /** Leaves the fleet; the threads stay as they are. */
  close(): Promise<void>;
}

/** A rule for a secret text, which must be filled and have no fault. */
function withoutFault(fault: (text: string) => string | undefined): OptionRule {
  return secretRule((value) => isFilledText(value) ?? fault(value as string));
}

/** Accepts the texts for TLS. */
const areTlsTexts: OptionRule = secretRule((value) => {
  const isText = ([name, text]: [string, unknown]) =>
    /^(ca|cert|key)$/.test(name) && (text === undefined || typeof text === "string");
  if (typeof value !== "object" || value === null || !Object.entries(value).every(isText)) {
    return "an object of texts: ca, cert and key";
  }
  const fault = tlsFault(value as NonNullable<NatsOptions["tls"]>);
  return fault && `one whose ${fault.part} is ${fault.rule}`;
});

const RULES: OptionRules<FleetOptions> = {
  nats: secretRule((value) =>
    [value].flat().every((one) => typeof one === "string") ? undefined : "an address, or several"
  ),
  creds: withoutFault(credsFault),
  nkey: withoutFault(nkeyFault),
  token: isKey,
  user: isFilledText,
  password: isKey,
  tls: areTlsTexts,
  pingEvery: isWholeNumber(1, 2 ** 31 - 1),
  hostName: (value) =>
    isFilledText(value) ??
      (lengthFault("host", value as string) && "a text of 200 characters at most"),
  ports: SCAN_RULES.ports,
  key: isKey,
  say: isFunction,
};

/**
 * Has the threads of this program take what operators want of the fleet, as `logdial agent` does
 * for all programs of a host; only what listens is served. No server need be there yet: it connects
 * to one as soon as there is one.
 *
 * @throws {TypeError} An unknown option, or one of another type.
 * @throws {RangeError} No address of a server, or no name of the host.
 *
 * @example
 * ```ts
 * import { listen } from "@logdial/logging";
 * import { joinFleet } from "@logdial/logging/fleet";
 *
 * await listen();
 * const member = joinFleet({ nats: "nats://127.0.0.1:4222", hostName: "web-1" });
 * await member.close();
 * ```
 */
export function joinFleet(options: FleetOptions): FleetMember {
  checkOptions("joinFleet", options, RULES);
  serversOf(options);
  const { hostName = systemName(), ports, key, say, ...nats } = options;
  const range = ports === undefined ? {} : { ports: [ports[0], ports[1]] as const };
  const host = new LocalThreads({ ...range, key }, (status) => status?.pid === Deno.pid);
  const agentName = (threads: readonly HostThread[]) => nameOf(threads, ports);
  return new FleetAgent({ ...nats, hostName, agentName, say }, host);
}

/**
 * The name of the program's agent: of its first port, which it has again when it is started anew. So
 * it goes on from what was told before, and overwrites that.
 */
function nameOf(
  threads: readonly HostThread[],
  [first, last]: PortRange = DEFAULT_PORTS,
): string {
  if (threads.length > 0) return `port ${Math.min(...threads.map(({ target }) => target.port))}`;
  throw new Error(
    `Cannot join the fleet yet: no thread of this program listens on ports ${first} to ${last}`,
  );
}

/** What the system calls this host, if that may be known. */
function systemName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  const name = state === "granted" ? Deno.hostname() : "";
  if (name !== "") return name;
  throw new RangeError(
    "Cannot join the fleet: give hostName, or allow it to be asked for by " +
      neededFlags([{ name: "sys", kind: "hostname" }]),
  );
}

export type { NatsOptions };
