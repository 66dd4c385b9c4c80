import { assert } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PROJECT } from "../harness/project.ts";
import { PortBlock } from "../harness/port_block.ts";

const PROGRAM = `
import cluster from "node:cluster";
if (cluster.isPrimary) {
  const begin = performance.now();
  cluster.fork().on("exit", (code) => {
    console.log("ended", code, Math.round(performance.now() - begin));
  });
} else {
  const { LOGGER } = await import("./src/logger.ts");
  LOGGER.error("in the child");
  process.exit(0);
}
`;

Deno.test("a child of node:cluster listens with a hub of its own, and starts at once", async () => {
  // Such a child takes its import map from the folder of the program only.
  const folder = await Deno.makeTempDir();
  try {
    using ports = PortBlock.claim(2);
    for (const name of ["src", "deps"]) await copy(new URL(name, PROJECT), `${folder}/${name}`);
    const config = JSON.parse(Deno.readTextFileSync(new URL("deno.json", PROJECT)));
    const standIns = JSON.parse(Deno.readTextFileSync(new URL("deps/npm.json", PROJECT)));
    const usesStandIns = import.meta.resolve("@std/ini").startsWith("file:");
    const imports = Object.entries({ ...config.imports, ...usesStandIns ? standIns.imports : {} })
      .map(([name, target]) => [name, String(target).replace(/^\.\//, "./deps/")]);
    const text = JSON.stringify({ imports: Object.fromEntries(imports) });
    await Deno.writeTextFile(`${folder}/deno.json`, text);
    await Deno.writeTextFile(`${folder}/main.mjs`, PROGRAM);
    const args = ["run", "--no-prompt", "--allow-all", "main.mjs"];
    const env = { LOGDIAL_PORTS: ports.text };
    await using child = ChildProgram.run(Deno.execPath(), args, { cwd: folder, env });
    await child.until(`Setup logging server on port ${ports.first}`);
    await child.until("in the child");
    const end = await child.until("ended 0 ");
    // A hub that does not start is waited for for 10 s.
    assert(Number(end.split(" ").at(-1)) < 10_000, end);
    assert(!child.stderr.lines.some((line) => line.includes("logdial")), child.stderr.lines.join());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function copy(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const source = new URL(`${from.href}/${encodeURIComponent(name)}`);
    if (isDirectory) await copy(source, `${to}/${name}`);
    else await Deno.copyFile(source, `${to}/${name}`);
  }
}
