import { reasonOf } from "../core/values/thrown.ts";
import type { KvModule, NatsConnection, NatsModule } from "./nats_types.ts";

/** In constants, so that no program loads them that is in no fleet. */
const TRANSPORT = "npm:@nats-io/transport-node@3.4.0", KV = "npm:@nats-io/kv@3.4.0";

/**
 * Where the NATS server is, and how one is let in there.
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
  /** For TLS, as texts in PEM: whom to trust, and who one is. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /**
   * How often the server is asked whether it is there, in milliseconds; one that does not answer
   * two times is taken to be gone. @default 10000
   */
  readonly pingEvery?: number;
}

/** What is loaded of npm. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly kv: KvModule;
  /** To be called when the connection has ended. */
  readonly release: () => void;
}

/** Longest wait for a connection, in milliseconds. */
const CONNECT_MS = 5000;
/** Longest pause between two attempts to come back, in milliseconds. */
const RECONNECT_MS = 1000;

/**
 * Connects, and comes back by itself from then on, however long the server is away.
 *
 * @throws {Error} Nobody answers, or one is not let in.
 */
export async function connectNats(options: NatsOptions, name: string): Promise<Nats> {
  const { nats, kv } = await loadNats();
  const settings = settingsOf(options, nats);
  const held = holdSocketErrors();
  try {
    const connecting = nats.connect({ ...settings, name });
    // Refused after the handshake: the library then knows of nothing.
    const connection = await Promise.race([connecting, held.failure]);
    return { connection, kv, release: held.release };
  } catch (error) {
    held.release();
    const reason = reasonOf(error);
    const hint = "tls" in settings && reason === "timeout"
      ? ", which is all that shows of a certificate that the server refuses"
      : refusalHint(reason);
    throw new Error(`Cannot connect to ${placesOf(options)}: ${reason}${hint}`, { cause: error });
  }
}

/** What one may do who is not let in; nothing where that is not the matter. */
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
    // Else the library closes the connection for good when it has been refused twice.
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
 * @throws {RangeError} One is none, or none is given.
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

/** Says what is wrong with a user or a password, and neither of them. */
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

/** The addresses of the servers for people, without what is secret in them. */
export function placesOf(options: Pick<NatsOptions, "nats">): string {
  return serversOf(options).map(({ host }) => host).join(", ");
}

/**
 * Under Deno, a server may make errors that nobody can catch where they arise, and that would end
 * the program: one that refuses a client's certificate after the handshake has ended, and one that
 * breaks a connection off in the moment in which the library gives its socket up. So as long as
 * there is such a connection, which may be made anew at any time, errors of Deno's own TLS, and
 * broken connections of Node's sockets, that nobody else has caught end nothing.
 */
function holdSocketErrors(): { failure: Promise<never>; release: () => void } {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  // Later ones are the library's affair: it tries again.
  failure.catch(() => {});
  const onError = (event: ErrorEvent) => {
    const { error } = event;
    if (!(error instanceof Error)) return;
    const isTls = /internal_binding\/tls_wrap/.test(error.stack ?? "");
    if (!isTls && !isBrokenOff(error)) return;
    event.preventDefault();
    if (isTls) reject(error);
  };
  addEventListener("error", onError);
  return { failure, release: () => removeEventListener("error", onError) };
}

/** Whether a socket of Node's says that the other side has gone, and no code of a program. */
function isBrokenOff(error: Error): boolean {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return /^(read|write) (ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT)$/.test(error.message) &&
    frames.every((frame) => frame.includes("(ext:"));
}
