import { reasonOf } from "../../core/values/thrown.ts";
import { requireConnecting, scanDefaults } from "../../client/ports/scan.ts";
import { openBrowser, type OpenedPage } from "../../web/server/open_browser.ts";
import { WebServer } from "../../web/server/web_server.ts";
import { EXIT } from "../answers/exit_status.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, wholeNumber } from "../arguments/flags.ts";
import { SENDER_NOTE, senderOptions } from "../arguments/sender.ts";
import { print, printError } from "../printing/print.ts";

const HELP = `Shows threads, loggers and records on a page in the browser, and turns levels
there.

Usage: logdial web [options]

  --port N        port of the page (default: one that is free)
  --open          open the page in the browser
  --read-only     refuse all changes
  --ports LIST    ports to scan for threads, such as 9001-9029 (the default)
  --host HOST     host of the listeners (default 127.0.0.1)
  --timeout MS    longest wait for each answer in milliseconds (default 2000)
  --help          this text

It prints the address, which nobody else may know: behind the # is a token, a
new one with each start. The page is served on loopback only, and no program has
more to do while no page is open. Tools for Spring Boot find its actuator's
loggers at /actuator/loggers, with the token as bearer.

With LOGDIAL_KEY set, what is sent is signed; it is read with
--allow-env=LOGDIAL_KEY.
${SENDER_NOTE}

Exit status:
  0  it has ended, by Ctrl-C
  1  the port is taken, or may not be used
  2  wrong usage

Examples:
  logdial web --open
  logdial web --port 8080 --read-only`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const { texts, switches, targets } = flags;
  const port = texts.get("port");
  const options = {
    port: port === undefined ? 0 : wholeNumber("--port", port, 65_535),
    targets,
    readOnly: switches.has("read-only"),
    by: senderOptions(flags).by,
  };
  const server = await startServer(options);
  // `using` is not used: Node.js, which is to say that Deno is needed, cannot read it.
  let page: OpenedPage | undefined;
  try {
    print(server.address);
    page = switches.has("open") ? await openOrTell(server.address) : undefined;
    await untilEnded();
    return EXIT.ok;
  } finally {
    await page?.[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
}

async function startServer(options: Parameters<typeof WebServer.start>[0]): Promise<WebServer> {
  const { hostname, ports } = scanDefaults(options.targets);
  requireConnecting(hostname, ports);
  try {
    return await WebServer.start(options);
  } catch (error) {
    const reason = error instanceof Deno.errors.AddrInUse ? "the port is taken" : reasonOf(error);
    const where = options.port === 0 ? "" : ` on port ${options.port}`;
    throw new Error(`Cannot serve the page${where}: ${reason}`);
  }
}

/** Opens the page in a browser; if that fails, it tells so, since the user can open the address. */
async function openOrTell(address: string): Promise<OpenedPage | undefined> {
  try {
    return await openBrowser(address);
  } catch (error) {
    printError(`logdial: Cannot open the browser: ${reasonOf(error)}`);
    return undefined;
  }
}

async function untilEnded(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const end = () => resolve();
  for (const signal of signals) Deno.addSignalListener(signal, end);
  await promise;
  for (const signal of signals) Deno.removeSignalListener(signal, end);
}

/** `logdial web`. */
export const COMMAND: Command = {
  help: HELP,
  flags: {
    texts: ["port"],
    switches: ["open", "read-only"],
    targetTexts: ["ports", "host", "timeout"],
    isOfOneForm: true,
  },
  run,
};
