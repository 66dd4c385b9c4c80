import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";

/** What the daemon writes of a message. */
const TEMPLATE =
  "%pri%|%syslogfacility-text%|%syslogseverity-text%|%programname%|%protocol-version%|%msg%\\n";

/** A syslog daemon of our own, on ports and a socket of its own. */
class Rsyslog implements AsyncDisposable {
  readonly folder: string;
  readonly udpPort: number;
  readonly #child: ChildProgram;

  private constructor(folder: string, udpPort: number, child: ChildProgram) {
    this.folder = folder;
    this.udpPort = udpPort;
    this.#child = child;
  }

  /** Starts it; undefined after saying so where there is none. */
  static async start(): Promise<Rsyslog | undefined> {
    const program = await findProgram();
    if (program === undefined) {
      console.log("skipped: no rsyslogd; apt-get install rsyslog");
      return undefined;
    }
    const folder = Deno.makeTempDirSync();
    const udpPort = freeUdpPort();
    const config = `${folder}/rsyslog.conf`;
    Deno.writeTextFileSync(config, configuration(folder, udpPort));
    const child = ChildProgram.run(program, ["-n", "-f", config, "-i", `${folder}/pid`]);
    const daemon = new Rsyslog(folder, udpPort, child);
    // It makes its inputs one after the other.
    await child.eventually("all inputs", () => daemon.isReady() ? true : undefined);
    return daemon;
  }

  get tcpPort(): number {
    return Number(Deno.readTextFileSync(`${this.folder}/tcp-port`));
  }

  get socket(): string {
    return `${this.folder}/log.sock`;
  }

  isReady(): boolean {
    try {
      Deno.statSync(this.socket);
      const port = this.udpPort.toString(16).toUpperCase().padStart(4, "0");
      return this.tcpPort > 0 &&
        Deno.readTextFileSync("/proc/net/udp").includes(`0100007F:${port}`);
    } catch {
      return false;
    }
  }

  /** Waits for lines with a mark in them. */
  async lines(count: number, mark: string): Promise<string[]> {
    return await eventually(() => `${count} lines of rsyslogd with ${mark}`, () => {
      const lines = this.#read().filter((line) => line.includes(mark));
      return lines.length >= count ? lines : undefined;
    });
  }

  #read(): string[] {
    try {
      return Deno.readTextFileSync(`${this.folder}/out.log`).split("\n").slice(0, -1);
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

async function findProgram(): Promise<string | undefined> {
  for (const program of ["/usr/sbin/rsyslogd", "rsyslogd"]) {
    try {
      const { success } = await new Deno.Command(program, { args: ["-v"] }).output();
      if (success) return program;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

function configuration(folder: string, udpPort: number): string {
  return `
global(workDirectory="${folder}")
module(load="imudp")
module(load="imtcp")
module(load="imptcp")
module(load="imuxsock" SysSock.Use="off")
template(name="fields" type="string" string="${TEMPLATE}")
ruleset(name="out") { action(type="omfile" file="${folder}/out.log" template="fields") }
input(type="imudp" address="127.0.0.1" port="${udpPort}" ruleset="out")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${folder}/tcp-port"
      ruleset="out")
input(type="imptcp" path="${folder}/stream.sock" ruleset="out")
input(type="imuxsock" socket="${folder}/log.sock" ruleset="out" useSpecialParser="off"
      parseHostname="on")
`;
}

function freeUdpPort(): number {
  // A TCP port that is free mostly is so for UDP too, and can be asked for.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function send(
  args: readonly unknown[],
  attributes: object,
  lines: readonly (readonly [level: number, line: string])[],
  allow?: readonly string[],
): Promise<void> {
  await using child = ChildProgram.deno("tests/fixtures/handlers_syslog.ts", {
    args: [JSON.stringify({ args, attributes, lines })],
    allow,
  });
  await child.output();
  assertEquals(child.stderr.lines, []);
}

const LINES = [[10, "one"], [20, "zwei é 😀"], [30, "three"], [40, "four"], [50, "five"]] as const;

const SEVERITIES = ["debug", "info", "warning", "err", "crit"];

function marked(mark: string) {
  return LINES.map(([level, line]) => [level, `${mark} ${line}`] as const);
}

/** The lines that the daemon should write. */
function written(mark: string, facility: number, name: string, program: string, version: number) {
  return LINES.map(([, line], index) => {
    const severity = SEVERITIES[index]!;
    const number = { debug: 7, info: 6, warning: 4, err: 3, crit: 2 }[severity]!;
    return `${facility * 8 + number}|${name}|${severity}|${program}|${version}| ${mark} ${line}`;
  });
}

Deno.test("rsyslogd takes what is sent", async (test) => {
  await using daemon = await Rsyslog.start();
  if (daemon === undefined) return;
  const udp = ["127.0.0.1", daemon.udpPort];
  const tcp = ["127.0.0.1", daemon.tcpPort];
  const { socket } = daemon;

  await test.step("Python's message by UDP", async () => {
    await send([udp, "local3"], { ident: "app[7]: " }, marked("U3164"));
    const lines = await daemon.lines(5, "U3164");
    assertEquals(lines.map(noTrailer), written("U3164", 19, "local3", "app", 0));
  });

  await test.step("RFC 5424 by UDP", async () => {
    await send([udp, "daemon", 2, null, true], { ident: "app" }, marked("U5424"));
    const lines = await daemon.lines(5, "U5424");
    assertEquals(lines.map(noBlank), written("U5424", 3, "daemon", "app", 1).map(noBlank));
  });

  await test.step("RFC 5424 by TCP, also with line feeds", async () => {
    const lines = [...marked("T5424"), [20, "T5424 a\nb"] as const];
    await send([tcp, "user", 1, null, true], { ident: "app" }, lines);
    const got = (await daemon.lines(6, "T5424")).map(noBlank);
    assertEquals(got.slice(0, 5), written("T5424", 1, "user", "app", 1).map(noBlank));
    assertEquals(got[5], "14|user|info|app|1|T5424 a#012b");
  });

  await test.step("RFC 5424 by the stream of a Unix socket, whether it is asked for or found", async () => {
    const path = `${daemon.folder}/stream.sock`;
    const allow = ["--allow-net", `--allow-read=${path}`, `--allow-write=${path}`];
    for (const [mark, socktype] of [["S5424", 1], ["F5424", null]] as const) {
      const lines = [...marked(mark), [20, `${mark} a\nb`] as const];
      await send([path, "user", socktype, null, true], { ident: "app" }, lines, allow);
      const got = (await daemon.lines(6, mark)).map(noBlank);
      assertEquals(got.slice(0, 5), written(mark, 1, "user", "app", 1).map(noBlank));
      assertEquals(got[5], `14|user|info|app|1|${mark} a#012b`);
    }
  });

  await test.step("Python's message by TCP, with line feeds of one's own", async () => {
    const lines = marked("T3164").map(([level, line]) => [level, `app: ${line}\n`] as const);
    await send([tcp, "user", 1], { append_nul: false }, lines);
    assertEquals(await daemon.lines(5, "T3164"), written("T3164", 1, "user", "app", 0));
  });

  await test.step("a thousand messages by TCP", async () => {
    const lines = Array.from({ length: 1000 }, (_, number) => [20, `K ${number}.`] as const);
    await send([tcp, "user", 1, null, true], {}, lines);
    const got = await daemon.lines(1000, "|K ");
    assertEquals(got.map((line) => Number(/K (\d+)\./.exec(line)![1])), lines.map((_, i) => i));
  });

  await test.step("Python's message to the Unix socket", async () => {
    const allow = ["--unstable-net", "--allow-net"];
    for (const kind of ["read", "write"]) allow.push(`--allow-${kind}=/tmp,${socket}`);
    await send([socket, "mail"], { ident: "app: " }, marked("X3164"), allow);
    const lines = await daemon.lines(5, "X3164");
    assertEquals(lines.map(noTrailer), written("X3164", 2, "mail", "app", 0));
  });

  await test.step("the Unix socket without the flag says what is missing", async () => {
    await using child = ChildProgram.deno("tests/fixtures/handlers_syslog.ts", {
      args: [JSON.stringify({ args: [socket], attributes: {}, lines: [[20, "x"]] })],
    });
    await child.output();
    const [, error] = child.stderr.lines;
    assertEquals(
      error,
      `NotSupported: datagrams to the Unix socket ${socket} need deno run --unstable-net`,
    );
  });
});

/** Without what rsyslogd makes of Python's NUL. */
function noTrailer(line: string): string {
  return line.replace(/(#000|\0)$/, "");
}

/** Without the blank that only RFC 3164 has before a message. */
function noBlank(line: string): string {
  return line.replace(/\| ?(\S[^|]*)$/, "|$1");
}
