import { reasonOf } from "../../core/values/thrown.ts";
import { holdSocketErrors } from "./hold_socket_errors.ts";
import { readCreds } from "./login_faults.ts";
import { nodeModule, type NodeTls } from "../../core/runtime/node_modules.ts";
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
  /**
   * Its address, or those of a cluster, such as `nats://user:password@nats.example:4222`, or
   * `nats://token@…`.
   */
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
/** What Node takes for the name of a server of which it is told none. */
const NAMELESS = "localhost";

/**
 * Connects; from then on the connection comes back by itself, however long the server is away.
 *
 * @throws {Error} No server answers, or the login is refused.
 */
export async function connectNats(options: NatsOptions, name: string): Promise<Nats> {
  const { nats, kv } = await loadNats();
  const settings = settingsOf(options, nats);
  const held = holdSocketErrors();
  const connecting = nats.connect({ ...settings, name });
  try {
    // A server may refuse after the handshake, of which the library does not hear.
    const connection = await Promise.race([connecting, held.failure]);
    return { connection, kv, release: held.release };
  } catch (error) {
    held.release();
    // Another socket may have failed, and the connection come all the same, which nobody would use.
    connecting.then((late) => late.close()).catch(() => {});
    const told = connectReason(options, reasonOf(error), "tls" in settings);
    throw new Error(`Cannot connect to ${placesOf(options)}: ${told}`, { cause: error });
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

/** Why there is no connection, with the way out. */
function connectReason(options: NatsOptions, reason: string, isSecure: boolean): string {
  if (
    isSecure && (reason === UNANSWERED || /fatal alert: .*(certificate|unknownca)/i.test(reason))
  ) {
    // It tells now the one and now the other of the same refusal, and some servers tell nothing.
    const what = options.tls?.cert === undefined
      ? "a client without a certificate"
      : "the certificate";
    return `the server refuses ${what}, or does not answer, as with handshake_first, which has to be "auto"`;
  }
  if (/^(unable to (verify|get)|self[- ]signed)/i.test(reason)) {
    return `${reason}, nobody who is trusted here has signed it: name its authority, by --tls-ca or tls.ca`;
  }
  return natsReason(reason) + refusalHint(reason, options);
}

/** The way out if the login was refused; empty for other reasons. */
export function refusalHint(reason: string, options: NatsOptions): string {
  return /^authorization violation/i.test(reason)
    ? `, it takes other credentials than ${
      givenIn(options)
    }: a file of them, an nkey, a token, or ` +
      "a user and password"
    : "";
}

/** Which login is used of those that are given, without what is secret of it. */
function givenIn(options: NatsOptions): string {
  const { creds, nkey } = options, { token, user, password } = loginOf(options);
  if (creds !== undefined) return "those of the file";
  if (nkey !== undefined) return "the nkey";
  if (token !== undefined) return "the token";
  if (user !== undefined) {
    return `user "${user}" with ${password === undefined ? "no" : "that"} password`;
  }
  return password === undefined ? "none" : "a password without a user";
}

/** The token, or the user and password; where none is given else, those of the address. */
function loginOf(options: NatsOptions): Pick<NatsOptions, "token" | "user" | "password"> {
  const [named] = serversOf(options).filter((url) => url.username !== "");
  const name = named && decodeURIComponent(named.username);
  const word = named && decodeURIComponent(named.password) || undefined;
  const user = options.user ?? name, password = options.password ?? word;
  // All clients of NATS take a name alone for a token.
  const isToken = options.user === undefined && password === undefined;
  const token = options.token ?? (isToken ? name : undefined);
  return token === undefined ? { user, password } : { token };
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
  const { creds, nkey, tls } = options, urls = serversOf(options);
  const servers = urls.map((url) => url.host);
  const { token, user, password } = loginOf(options);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const { jwt, seed } = readCreds(creds ?? "");
  const login = creds !== undefined
    ? { authenticator: nats.jwtAuthenticator(jwt, bytes(seed)) }
    : nkey !== undefined
    ? { authenticator: nats.nkeyAuthenticator(bytes(nkey.trim())) }
    : token !== undefined
    ? { token }
    : user === undefined
    ? {}
    : { user, pass: password };
  const isSecure = tls !== undefined ||
    urls.some(({ protocol }) => protocol === "tls:");
  return {
    servers,
    ...login,
    ...isSecure ? { tls: { ...tls, checkServerIdentity: identityCheck(urls) } } : {},
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
 * Checks whether a certificate is for the server. The library does not tell Node the address of a
 * server that has no name, and Node then asks for a certificate of "localhost". Nobody tells which
 * server that is, so it must be one for a given address without a name, whichever; if none is given,
 * for any given one.
 */
export function identityCheck(urls: readonly URL[]): NodeTls["checkServerIdentity"] {
  const hosts = urls.map(({ hostname }) => hostname.replace(/^\[|\]$/g, ""));
  const unnamed = hosts.filter((host) => host === NAMELESS || /^[\d.]+$|:/.test(host));
  return (asked, certificate) => {
    const { checkServerIdentity } = nodeModule("node:tls");
    const given = unnamed.length > 0 ? unnamed : hosts;
    const names = asked === NAMELESS ? given : [asked];
    const faults = names.map((name) => checkServerIdentity(name, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
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
  // A comma in a password cuts the address in two, neither of which is to be shown.
  const hasLogin = all.some((text) => text.includes("@"));
  const shown = (text: string) => hasLogin ? `…${/@[^@]*$/.exec(text) ?? ""}` : text;
  const way = hasLogin
    ? ', with "%2c" for a comma of a password, "%2f" for "/", "%23" for "#"'
    : "";
  return all.map((text) => {
    const url = URL.parse(text.includes("://") ? text : `nats://${text}`);
    if (url !== null && url.hostname !== "" && /^(nats|tls):$/.test(url.protocol) && isBare(url)) {
      checkLogin(url);
      if (url.port === "") url.port = "4222";
      return url;
    }
    throw new RangeError(
      `Cannot use NATS server "${shown(text)}": it must be like nats://nats.example:4222${way}`,
    );
  });
}

/** Whether nothing follows the host and port, such as a password that is cut off there. */
function isBare({ pathname, search, hash }: URL): boolean {
  return /^\/?$/.test(pathname) && search === "" && hash === "";
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
