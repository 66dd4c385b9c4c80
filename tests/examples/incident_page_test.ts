import { assert, assertEquals } from "@std/assert";
import { splitLine } from "../../src/cli/arguments/split_line.ts";
import { why } from "../../src/client/loggers.ts";
import { status } from "../../src/client/status.ts";
import type { Why } from "../../src/wire/logger_info.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { type CommandResult, logdial } from "../harness/command_line.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { projectPath } from "../harness/project.ts";

const PAGE = "examples/three_in_the_morning.md";
/** Where the page says that the shop takes orders. */
const SHOP_URL = "http://127.0.0.1:8000/";
/** Who sits in front of the terminal of the page. */
const KIM = { env: { USER: "kim" }, allow: ["--allow-all"] };

/** A block of the page. */
interface Block {
  /** Where it stands. */
  readonly place: string;
  /** What is typed; undefined for what the shop writes meanwhile. */
  readonly command: string | undefined;
  /** What is printed then. */
  readonly output: readonly string[];
}

/** The shop of the page, and what is typed beside it. */
class Incident implements AsyncDisposable {
  readonly #ports = PortBlock.claim(1);
  readonly #cwd = Deno.makeTempDirSync({ prefix: "logdial_incident_" });
  readonly #shop: ChildProgram;
  readonly #tails: ChildProgram[] = [];
  /** How many of its lines the page has shown. */
  #shown = 0;

  constructor() {
    const args = [String(this.#ports.first)];
    this.#shop = ChildProgram.deno("examples/shop/main.ts", { args, cwd: this.#cwd });
  }

  get #targets(): { readonly pid: number } {
    return { pid: this.#shop.pid };
  }

  /** Does what a block says; gives what is printed, once that is known. */
  async run({ command, output }: Block): Promise<() => Promise<readonly string[]>> {
    if (command === undefined) return await this.#written(output.length);
    const [program, ...words] = splitLine(command);
    if (program === "deno") return await this.#open();
    if (program === "curl") return atOnce([await this.#order(words)]);
    assertEquals(program, "logdial", command);
    const args = [...words, "--pid", String(this.#shop.pid)];
    if (words[0] === "tail") return await this.#tail(args);
    const { stdout, stderr, code } = await this.#logdial(words[0]!, args);
    if (isLate(stdout)) {
      console.log(`not compared, since the machine is too busy: ${command}`);
      return atOnce(output);
    }
    assertEquals([code, stderr], [0, ""], stdout);
    return atOnce(stdout.split("\n"));
  }

  /** A thread that gets no processor for 250 ms is not waited for; a question can be asked again. */
  async #logdial(name: string, args: readonly string[]): Promise<CommandResult> {
    if (name === "rollback") return await logdial(args, KIM);
    if (name === "set" || name === "record") return await logdial([...args, "--wait", "20s"], KIM);
    return await eventually(`an answer to ${name}`, async () => {
      const result = await logdial(args, KIM);
      return isLate(result.stdout) ? undefined : result;
    });
  }

  /** Nothing else has come out, but what it says of the last change. */
  checkRest(): void {
    const rest = this.#shop.stdout.lines.slice(this.#shown);
    assertEquals(rest.filter((line) => !line.includes(`"rollback applied,`)), []);
    assertEquals(this.#shop.stderr.lines, []);
  }

  /** Waits until it takes orders, and its threads changes. */
  async #open(): Promise<() => Promise<readonly string[]>> {
    const lines = await this.#written(1);
    await eventually("three threads", async () => {
      return (await status(this.#targets)).length === 3 || undefined;
    });
    return lines;
  }

  async #written(count: number): Promise<() => Promise<readonly string[]>> {
    const { stdout } = this.#shop, from = this.#shown;
    this.#shown += count;
    await this.#shop.eventually(`${count} lines more`, () => {
      return stdout.lines.length >= this.#shown || undefined;
    });
    return atOnce(stdout.lines.slice(from, this.#shown));
  }

  /** What `curl` would print. */
  async #order(words: readonly string[]): Promise<string> {
    const headers: [string, string][] = [];
    let body: string | undefined, url = "";
    for (let at = 0; at < words.length; at++) {
      const word = words[at]!;
      if (word === "-H") headers.push(words[++at]!.split(": ") as [string, string]);
      else if (word === "-d") body = words[++at];
      else url = word;
    }
    assert(url.startsWith(SHOP_URL), url);
    const here = `http://127.0.0.1:${this.#ports.first}/${url.slice(SHOP_URL.length)}`;
    return await (await fetch(here, { method: "POST", headers, body })).text();
  }

  /** It has followed the threads when this returns, and ends by itself. */
  async #tail(args: readonly string[]): Promise<() => Promise<readonly string[]>> {
    const tail = ChildProgram.deno("src/cli/main.ts", { ...KIM, args });
    this.#tails.push(tail);
    await tail.eventually("all threads to be followed", async () => {
      const told = await why("shop.price", "DEBUG", this.#targets);
      return told.every(({ result }) => (result as Why | undefined)?.tailed) || undefined;
    });
    return async () => (await tail.output()).split("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const tail of this.#tails) await tail[Symbol.asyncDispose]();
    await this.#shop[Symbol.asyncDispose]();
    this.#ports[Symbol.dispose]();
    await Deno.remove(this.#cwd, { recursive: true });
  }
}

function isLate(stdout: string): boolean {
  return /\bpending\b|no answer: it computes/.test(stdout);
}

function atOnce(lines: readonly string[]): () => Promise<readonly string[]> {
  return () => Promise.resolve(lines);
}

Deno.test("three in the morning: every command of the page prints what stands there", async () => {
  const blocks = readBlocks(await Deno.readTextFile(projectPath(PAGE)));
  const commands = blocks.flatMap(({ command }) => command?.match(/^logdial (\w+)/)?.[1] ?? []);
  const parts = ["record", "status", "why", "set", "tail", "dump", "rollback", "history"];
  assertEquals(parts.filter((name) => !commands.includes(name)), []);
  await using incident = new Incident();
  const printed = [];
  for (const block of blocks) printed.push({ block, lines: await incident.run(block) });
  for (const { block: { place, output, command }, lines } of printed) {
    assertEquals(comparable(await lines()), comparable(output), `${place}: ${command}`);
  }
  incident.checkRest();
});

/**
 * Lines without what is another thing every time. Threads come up in any order, so that the order
 * of lines does not count; what is indented belongs to the line before.
 */
function comparable(lines: readonly string[]): string[] {
  return lines.join("\n").trim().replace(/\n +/g, " ").split("\n").map((line) =>
    line.replace(/\bpid \d+/g, "pid PID")
      .replace(/\d{4}-\d\d-\d\d[ T](\d\d:\d\d:\d\d)\.\d{3}Z?/g, "$1")
      // Of another day there is the date too, as at a quarter to midnight.
      .replace(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/g, "TIME")
      .replace(/\b90[0-2]\d(?:[- ]90[0-2]\d)*\b/g, "PORTS")
      .replace(/^PORTS \d+ /, "PORTS PID ").replace(/^(PORTS +)\d+( +×)/, "$1PID$2")
      .replace(/127\.0\.0\.1:\d+/g, "ADDRESS").replace(/"port":\d+/g, "OPEN")
      .replace(/kim@[\w.-]+/g, "kim@HOST")
      .replace(/\S*\/shop\.log/g, "shop.log")
      .replace(/\bprice \d/g, "price N")
      .replace(/\bms("?[:=])[\d.]+/g, "ms$1MS")
      .replace(/\b\d+m \d+s/g, "MINUTES")
      .replace(/ +/g, " ")
  ).sort();
}

function readBlocks(page: string): Block[] {
  return [...page.matchAll(/^```(log)?\n(.*?)\n```$/gms)].map(({ 1: isLog, 2: text, index }) => {
    const [first, ...rest] = text!.split("\n");
    const place = `${PAGE}:${page.slice(0, index).split("\n").length}`;
    if (isLog !== undefined) return { place, command: undefined, output: [first!, ...rest] };
    assert(first!.startsWith("$ "), `${place} begins with a command`);
    return { place, command: first!.slice(2), output: rest };
  });
}
