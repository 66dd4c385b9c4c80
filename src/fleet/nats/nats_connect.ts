import { reasonOf } from "../../core/values/thrown.ts";
import { holdSocketErrors } from "./hold_socket_errors.ts";
import type { KvModule, NatsConnection, NatsModule } from "./nats_types.ts";

/** The modules' names are in constants, so that only programs in a fleet load them. */
const TRANSPORT = "npm:@nats-io/transport-node@3.4.0", KV = "npm:@nats-io/kv@3.4.0";

/**
 * The address of the NATS server, and the login there.
 *
 * @example
 * ```ts
 * import type { NatsOptions } from "@logdial/logging/fleet";
 *
 * const options: NatsOptions = { nats: "tls://nats.example", user: "agent", password: "secret" };
 * console.log(options.nats);
 * ```
 */
export interface NatsOptions {
  /** Its address, or those of a cluster, such as `nats://user:password@nats.example:4222`. */
  readonly nats: string | readonly string[];
  /** Text of a `.creds` file. */
  readonly creds?: string;
  /** Seed of an nkey, as `SUA…`. */
  readonly nkey?: string;
  /** Token. */
  readonly token?: string;
  /** User, if the address has none. */
  readonly user?: string;
  /** Password of the user. */
  readonly password?: string;
  /** For TLS, as texts in PEM: the authority to trust, and the client's certificate and key. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /**
   * How often the server is asked whether it is there, in milliseconds; one that does not answer
   * two times is taken to be gone. @default 10000
   */
  readonly pingEvery?: number;
}

/** The connection, with the modules of npm that it uses. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly kv: KvModule;
  /** To be called when the connection has ended. */
  readonly release: () => void;
}

/** Longest wait for a connection, in milliseconds. */
const CONNECT_MS = 5000;
/** Longest pause between two attempts to reconnect, in milliseconds. */
const RECONNECT_MS = 1000;

/**
 * Connects; from then on the connection comes back by itself, however long the server is away.
 *
 * @throws {Error} No server answers, or the login is refused.
 */
export async function connectNats(options: NatsOptions, name: string): Promise<Nats> {
  const { nats, kv } = await loadNats();
  const settings = settingsOf(options, nats);
  const held = holdSocketErrors();
  try {
    const connecting = nats.connect({ ...settings, name });
    // A server may refuse after the handshake, of which the library does not hear.
    const connection = await Promise.race([connecting, held.failure]);
    return { connection, kv, release: held.release };
  } catch (error) {
    held.release();
    const reason = reasonOf(error);
    const hint = "tls" in settings && isUnanswered(error)
      ? ", which is all that shows of a certificate that the server refuses"
      : refusalHint(reason);
    throw new Error(`Cannot connect to ${placesOf(options)}: ${reason}${hint}`, { cause: error });
  }
}

/** All that the library says of a question that the server does not answer. */
const UNANSWERED = "timeout";

/** Whether an error says that the server does not answer. */
export function isUnanswered(error: unknown): boolean {
  return reasonOf(error) === UNANSWERED;
}

/** The library's error for a question that the server does not answer. */
export function unanswered(): Error {
  return new Error(UNANSWERED);
}

/** What is said of a cluster of which none leads those that are there. */
export const NO_LEADER =
  "the cluster has no leader: its servers are choosing one, or too few of them are there";

/** The reason of an error of the library, for people. */
export function natsReason(error: unknown): string {
  const reason = reasonOf(error);
  if (/jetstream system temporarily unavailable/i.test(reason)) return NO_LEADER;
  return isUnanswered(error) ? "the server does not answer" : reason;
}

/** The way out if the login was refused; empty for other reasons. */
export function refusalHint(reason: string): string {
  return /^authorization violation/i.test(reason)
    ? ", it takes other credentials, or some at all: a file of them, an nkey, a token, or a user " +
      "and password"
    : "";
}

async function loadNats(): Promise<{ nats: NatsModule; kv: KvModule }> {
  try {
    const [nats, kv] = await Promise.all([import(TRANSPORT), import(KV)]);
    return { nats: nats as NatsModule, kv: kv as KvModule };
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new Error(`Cannot load ${TRANSPORT} and ${KV}, which talk to NATS: ${reason}`, { cause });
  }
}

function settingsOf(options: NatsOptions, nats: NatsModule): Record<string, unknown> {
  const { creds, nkey, token, tls } = options;
  const servers = serversOf(options).map((url) => url.host);
  const [named] = serversOf(options).filter((url) => url.username !== "");
  const user = options.user ?? (named && decodeURIComponent(named.username));
  const password = options.password ?? (named && decodeURIComponent(named.password));
  const bytes = (text: string) => new TextEncoder().encode(text);
  const login = creds !== undefined
    ? { authenticator: nats.credsAuthenticator(bytes(creds)) }
    : nkey !== undefined
    ? { authenticator: nats.nkeyAuthenticator(bytes(nkey.trim())) }
    : token !== undefined
    ? { token }
    : user === undefined
    ? {}
    : { user, pass: password };
  const isSecure = tls !== undefined ||
    serversOf(options).some(({ protocol }) => protocol === "tls:");
  return {
    servers,
    ...login,
    ...isSecure ? { tls: tls ?? {} } : {},
    timeout: CONNECT_MS,
    maxReconnectAttempts: -1,
    // Without this, the library gives up for good when it has been refused twice.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS / 2,
    reconnectJitter: RECONNECT_MS / 2,
    reconnectJitterTLS: RECONNECT_MS / 2,
    pingInterval: options.pingEvery ?? 10_000,
    maxPingOut: 2,
  };
}

/**
 * The addresses of the servers.
 *
 * @throws {RangeError} A text is no address of a server, or none is given.
 */
export function serversOf({ nats }: Pick<NatsOptions, "nats">): URL[] {
  if ((nats ?? "").length === 0) {
    throw new RangeError('Cannot find the fleet: give nats, such as "nats://nats.example:4222"');
  }
  const all = (typeof nats === "string" ? nats.split(",") : nats).map((one) => one.trim());
  return all.map((text) => {
    const url = URL.parse(text.includes("://") ? text : `nats://${text}`);
    if (url !== null && url.hostname !== "" && /^(nats|tls):$/.test(url.protocol)) {
      checkLogin(url);
      if (url.port === "") url.port = "4222";
      return url;
    }
    throw new RangeError(
      `Cannot use NATS server "${text}": it must be like nats://nats.example:4222`,
    );
  });
}

/** Refuses an address with a bad user or password; the error shows neither of them. */
function checkLogin({ username, password, host }: URL): void {
  try {
    decodeURIComponent(username + password);
  } catch {
    throw new RangeError(
      `Cannot use the user and password of NATS server ${host}: "%" begins a code of two digits ` +
        'there, write "%25" for one that stands for itself',
    );
  }
}

/** The addresses of the servers for people, without user and password. */
export function placesOf(options: Pick<NatsOptions, "nats">): string {
  return serversOf(options).map(({ host }) => host).join(", ");
}
