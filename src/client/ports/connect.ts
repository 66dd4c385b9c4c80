import { LOOPBACK } from "../../hub/board/attach_options.ts";

/** How long is waited before it is tried again to get a descriptor, in milliseconds. */
const SHORT_PAUSE_MS = 10;

/**
 * Opens a connection to a host; without one, to the loopback address that this machine has,
 * as `listen` chooses it: a host may be without IPv4.
 */
export async function connect(hostname: string | undefined, port: number): Promise<Deno.TcpConn> {
  const [usual, other] = LOOPBACK;
  try {
    return await open(hostname ?? usual, port);
  } catch (error) {
    if (hostname !== undefined || !isMissing(error)) throw error;
    try {
      return await open(other, port);
    } catch (second) {
      // If the second address does not exist, or may not be used, the first error is the one to tell.
      const isTelling = !isMissing(second) && !(second instanceof Deno.errors.NotCapable);
      throw isTelling ? second : error;
    }
  }
}

/**
 * As {@linkcode connect}; while this process has no descriptor left, it is tried again, since the
 * connections to other ports end: `onShort` hears each time what is short, and says whether to go on.
 */
export async function connectWhenFree(
  hostname: string | undefined,
  port: number,
  onShort: (error: unknown) => boolean,
): Promise<Deno.TcpConn> {
  for (;;) {
    try {
      return await connect(hostname, port);
    } catch (error) {
      if (!isShort(error) || !onShort(error)) throw error;
      // A timer, since nothing else keeps the command alive meanwhile.
      await new Promise((resolve) => setTimeout(resolve, SHORT_PAUSE_MS));
    }
  }
}

/** Whether an error says that the process, or the system, has no descriptor left. */
function isShort(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EMFILE" || code === "ENFILE";
}

async function open(hostname: string, port: number): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname, port });
  if (!isToItself(conn)) return conn;
  conn.close();
  throw new Deno.errors.ConnectionRefused(`nobody listens on ${hostname}:${port}`);
}

/**
 * Whether a connection leads to itself: if nobody listens on a port of this machine, the system may
 * choose that very port as the local end of a connection to it.
 */
export function isToItself(conn: Pick<Deno.TcpConn, "localAddr" | "remoteAddr">): boolean {
  const { localAddr: own, remoteAddr: other } = conn;
  return own.port === other.port && own.hostname === other.hostname;
}

/** Whether an error says that this machine has no such address, and not that nobody listens there. */
function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.AddrNotAvailable ||
    error instanceof Deno.errors.NetworkUnreachable;
}

/** Writes all bytes. */
export async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** Closes a connection, if it is not closed already, as by a reset. */
export function closeQuietly(conn: Deno.TcpConn | undefined): void {
  try {
    conn?.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
