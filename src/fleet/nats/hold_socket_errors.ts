import { pause } from "../../core/runtime/pause.ts";

/** How long after the end of a connection its sockets may still fail, in milliseconds. */
const LATE_MS = 5000;

/**
 * Keeps errors of sockets from ending the program. Under Deno, a server can cause errors that nobody
 * can catch where they arise: when it refuses a client's certificate after the handshake, and when it
 * breaks a connection off just as the library gives up its socket. So while there is a connection,
 * which may be made anew at any time, errors of Deno's TLS and broken connections of Node's sockets
 * do not end the program if nobody else catches them; nor do they for a while after it was released,
 * since a server that refuses may break off only then, and nobody tells when a socket has ended.
 */
export function holdSocketErrors(): { failure: Promise<never>; release: () => void } {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  // Later failures are left to the library, which tries again.
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
  const release = () => void pause(LATE_MS).then(() => removeEventListener("error", onError));
  return { failure, release };
}

/** Whether an error comes from a socket of Node's whose other side has gone, and not from a program. */
function isBrokenOff(error: Error): boolean {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return /^(read|write) (ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT)$/.test(error.message) &&
    frames.every((frame) => frame.includes("(ext:"));
}
