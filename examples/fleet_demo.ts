/**
 * `deno task fleet-demo`: a NATS server, and three hosts with an agent and a program each, on this
 * machine. It shows the programs' lines until Ctrl-C.
 *
 * @module
 */
import { basicConfig, getLogger, listen, stdout } from "../mod.ts";

const NATS_PORT = 4222, FIRST_PORT = 9101;
const NATS = `nats://127.0.0.1:${NATS_PORT}`;

/** Runs as one of the programs: logs at all levels. */
async function runProgram(host: string, port: number): Promise<void> {
  const format = `${host} %(levelname)s %(name)s: %(message)s`;
  basicConfig({ level: "INFO", stream: stdout, format });
  await listen(undefined, { ports: [port, port], app: "shop" });
  const log = getLogger("app.db");
  for (let count = 1;; count++) {
    log.debug("query %d", count);
    if (count % 10 === 0) log.info("%d queries", count);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Starts a server, the programs and their agents, and ends all of them with itself. */
async function runAll(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "logdial_demo_" });
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", resolve);
  const children: Deno.ChildProcess[] = [];
  let isEnding = false;
  const start = (command: string, args: readonly string[], isQuiet = false) => {
    const output = isQuiet ? "null" : "inherit";
    const child = new Deno.Command(command, { args: [...args], stdout: output, stderr: output });
    const process = child.spawn();
    children.push(process);
    return process;
  };
  try {
    const server = start("nats-server", [
      "-js",
      "-sd",
      folder,
      "-a",
      "127.0.0.1",
      "-p",
      `${NATS_PORT}`,
    ], true);
    void server.status.then(() => {
      if (isEnding) return;
      console.log(`nats-server has ended: is port ${NATS_PORT} taken by another one?`);
      resolve();
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("There is no nats-server on this machine: apt-get install nats-server");
    Deno.exit(1);
  }
  // What this program was started with, so that the others find the same packages.
  const [...flags] = Deno.args;
  const main = new URL("../src/cli/main.ts", import.meta.url).href;
  const run = ["run", "-q", ...flags, "--allow-net", "--allow-read", "--allow-env"];
  for (let number = 0; number < 3; number++) {
    const host = `web-${number + 1}`, port = `${FIRST_PORT + number}`;
    start(Deno.execPath(), [...run, import.meta.url, "program", host, port]);
    const agent = ["agent", "--nats", NATS, "--host-name", host, "--ports", port];
    start(Deno.execPath(), [...run, main, ...agent]);
  }
  console.log(`In another terminal, with LOGDIAL_NATS=${NATS}:
  deno task fleet status
  deno task fleet set app.db=DEBUG --rollout 40%,100% --every 20s
  deno task fleet rollback
`);
  await promise;
  isEnding = true;
  for (const child of children) {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
  }
  await Promise.all(children.map((child) => child.status));
  await Deno.remove(folder, { recursive: true });
}

const [what, host = "", port = ""] = Deno.args;
if (what === "program") await runProgram(host, Number(port));
else {
  await runAll();
  Deno.exit();
}
