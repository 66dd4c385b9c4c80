import { walk } from "npm:estree-walker@3.0.3";
import MagicString from "npm:magic-string@0.30.21";
import { parseAst } from "npm:rollup@4.53.3/parseAst";
import { filePath } from "../src/core/io/file_path.ts";
import { REHEARSAL, REHEARSE_AFTER_MS } from "../src/hub/life/rehearsed_text.ts";

/** Programs that start as users' programs do, by the entries that they import. */
const STARTS: readonly string[] = [
  `import { basicConfig, getLogger } from "./core.js";
basicConfig({ level: "INFO", stream: Deno.stdout });
getLogger("app").info("text");`,
  `import { fileConfig, getLogger } from "./mod.js";
const conf = new URL("./examples/logger_config/debug.conf", import.meta.url);
fileConfig(await Deno.readTextFile(conf));
getLogger("app").info("text");`,
  `import { LOGGER } from "./logger.js";
LOGGER.info("text");
if (self.name === "") {
  const worker = new Worker(import.meta.url, { type: "module", name: "worker" });
  await new Promise((resolve) => worker.onmessage = resolve);
  // Whether the hub still learns that a worker has ended is a matter of chance.
  Deno.exit();
} else postMessage("done");`,
  `import { listen } from "./mod.js";
import { main } from "./cli.js";
const { port } = await listen(0);
await main(["status", "--port", String(port)]);`,
];

/** Without the cache: code from there has a second number in V8's log, by which no file is found. */
const RUN = ["run", "--allow-all", "--no-config", "--no-code-cache"];

/**
 * Has V8 keep the functions that a start runs in its cache of compiled code, so that it need not
 * compile them at each start. It keeps those that it compiles as soon as it reads a file, and these
 * are functions in parentheses.
 */
export async function hastenStarts(dist: URL): Promise<void> {
  const ends = new Map<string, Set<number>>();
  const rehearse = await preventRehearsals(dist);
  for (const program of STARTS) {
    for (const [file, end] of await functionsRun(program, dist)) {
      if (!ends.has(file)) ends.set(file, new Set());
      ends.get(file)!.add(end);
    }
  }
  await rehearse();
  for (const [name, functions] of ends) {
    const file = new URL(name, dist);
    await Deno.writeTextFile(file, inParentheses(await Deno.readTextFile(file), functions));
  }
}

/**
 * Has threads and the hub rehearse no change, and returns what has them do so again. They begin so
 * soon that on a busy machine it is a part of a start, and the package would be another one there.
 */
export async function preventRehearsals(dist: URL): Promise<() => Promise<void>> {
  const after = new RegExp(`=${REHEARSE_AFTER_MS}(?=(?:,[\\w$]+=\\d+)*,[\\w$]+="${REHEARSAL}")`);
  for await (const { name } of Deno.readDir(dist)) {
    if (!name.endsWith(".js")) continue;
    const file = new URL(name, dist), code = await Deno.readTextFile(file);
    // As long as before, so that functions end where they did.
    const late = code.replace(after, `=${"9e".padEnd(`${REHEARSE_AFTER_MS}`.length, "9")}`);
    if (late === code) continue;
    await Deno.writeTextFile(file, late);
    return () => Deno.writeTextFile(file, code);
  }
  throw new Error("Cannot find when rehearsals begin");
}

/** The functions of the package that a program runs, by their file and where they end in it. */
async function functionsRun(program: string, dist: URL): Promise<[file: string, end: number][]> {
  const start = new URL("start.js", dist);
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(start, program);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...RUN, "--v8-flags=--log-function-events", filePath(start)],
      cwd,
      // What is hastened must not depend on the packer's own settings.
      clearEnv: true,
      env: { ...pick(["PATH", "HOME", "DENO_DIR"]), LOGDIAL_PORTS: "0" },
    }).output();
    if (!success) throw new Error(`Cannot run what is packed: ${new TextDecoder().decode(stderr)}`);
    const found: [file: string, end: number][] = [];
    for await (const { name } of Deno.readDir(cwd)) {
      const log = await Deno.readTextFile(`${cwd}/${name}`);
      found.push(...readLog(log, dist).filter(([file]) => file !== "start.js"));
    }
    if (found.length === 0) throw new Error("Cannot tell which functions a start runs");
    return found;
  } finally {
    await Deno.remove(start);
    await Deno.remove(cwd, { recursive: true });
  }
}

function pick(names: readonly string[]): Record<string, string> {
  const given = names.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(given.filter((one): one is [string, string] => one[1] !== undefined));
}

/** What V8 has logged of a thread: it has compiled a function for its first call. */
export function readLog(log: string, dist: URL): [file: string, end: number][] {
  const lines = log.split("\n").map((line) => line.split(","));
  const scripts = new Map(
    lines.flatMap(([kind, id, url]) =>
      kind === "script-details" ? [[id, url?.replaceAll("\\x2C", ",")]] : []
    ),
  );
  return lines.flatMap(([kind, event, id, , end]) => {
    const url = scripts.get(id);
    if (kind !== "function" || event !== "interpreter" || !url?.startsWith(dist.href)) return [];
    return [[url.slice(dist.href.length), Number(end)]];
  });
}

/**
 * Puts functions in parentheses. Declarations are hoisted and variables are not, so these stand
 * before everything but the imports. Each ends with its semicolon, and so does what stood before
 * one: else the next line could be read as a call. Methods cannot stand in parentheses.
 */
function inParentheses(code: string, ends: ReadonlySet<number>): string {
  const program = parseAst(code), text = new MagicString(code);
  walk(program as Parameters<typeof walk>[0], {
    enter(one, parent, key) {
      const { type, start, end } = one as Node;
      const isMethod = key === "value" && /^(MethodDefinition|Property)$/.test(parent!.type) &&
        type === "FunctionExpression";
      if (!/^(Arrow)?FunctionExpression$/.test(type) || isMethod || !ends.has(end)) return;
      text.prependRight(start, "(").appendLeft(end, ")");
    },
  });
  const body = program.body as unknown as readonly Node[];
  const imports = body.findLast(({ type }) => type === "ImportDeclaration")?.end ?? 0;
  let moved = "", rest = "", at = imports;
  for (const { type, start, end, id } of body) {
    if (type !== "FunctionDeclaration" || !ends.has(end) || start < imports) continue;
    // A function in parentheses cannot put another in its own place.
    const assigns = new RegExp(`(?<![\\w$.])${RegExp.escape(id!.name)}=(?!=)`);
    if (assigns.test(code.slice(start, end))) continue;
    rest += `${at < start ? text.slice(at, start) : ""};`;
    at = end;
    moved += `var ${id!.name}=(${text.slice(start, end)});\n`;
  }
  return `${code.slice(0, imports)}\n${moved}${rest}${text.slice(at, code.length)}`;
}

/** A part of a module, as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string };
}
