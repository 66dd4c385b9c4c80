import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

/** Whether there is a NATS server to test with; says so if not. */
export function hasNatsServer(): boolean {
  try {
    return new Deno.Command("nats-server", { args: ["--version"] }).outputSync().success;
  } catch {
    console.log("skipped: no nats-server to test with");
    return false;
  }
}

/** A real server with JetStream, whose store outlives it. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #more: readonly string[];
  readonly #ports: PortBlock | undefined;
  #process: ChildProgram | undefined;

  private constructor(
    port: number,
    folder: string,
    more: readonly string[],
    ports: PortBlock | undefined,
  ) {
    this.port = port;
    this.#folder = folder;
    this.#more = more;
    this.#ports = ports;
  }

  /** One by itself, that does not run yet. */
  static single(): NatsServer {
    const ports = PortBlock.claim(1);
    return new NatsServer(ports.first, tempFolder(), [], ports);
  }

  /** Three that are one. */
  static cluster(): NatsServer[] {
    const ports = PortBlock.claim(6), clients = ports.all.slice(0, 3), routes = ports.all.slice(3);
    return clients.map((port, at) => {
      const others = routes.filter((_, other) => other !== at)
        .map((route) => `nats://127.0.0.1:${route}`).join(",");
      const more = ["--name", `n${at}`, "--cluster_name", "c", "--cluster"];
      more.push(`nats://127.0.0.1:${routes[at]}`, "--routes", others);
      return new NatsServer(port, tempFolder(), more, at === 0 ? ports : undefined);
    });
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it, with more options if some are given; resolves when it lets clients in. */
  async start(...more: readonly string[]): Promise<void> {
    const args = ["-js", "-sd", this.#folder, "-a", "127.0.0.1", "-p", `${this.port}`];
    this.#process = ChildProgram.run("nats-server", [...args, ...this.#more, ...more]);
    await this.#process.untilError("Server is ready");
  }

  /**
   * Starts it by the text of a configuration. The test says in it by `timeout` how long a login or a
   * TLS handshake may take: usually two seconds, which are too short on a machine that stands still.
   */
  async startBy(config: string): Promise<void> {
    const file = `${this.#folder}/server.conf`;
    await Deno.writeTextFile(file, config);
    await this.start("-c", file);
  }

  /** Waits until it has let so many clients not in since its start. */
  async untilRefused(count: number): Promise<void> {
    const refused = () =>
      this.#process!.stderr.lines.filter((line) => line.includes("authentication error"));
    await this.#process!.eventually(
      `${count} refusals`,
      () => refused().length >= count || undefined,
    );
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    this.#process?.signal("SIGKILL");
    await this.#process?.end();
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
    this.#ports?.[Symbol.dispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function tempFolder(): string {
  return Deno.makeTempDirSync({ prefix: "logdial_nats_" });
}
