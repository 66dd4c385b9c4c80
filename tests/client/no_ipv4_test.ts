import { assertEquals, assertStringIncludes } from "@std/assert";
import { projectPath } from "../harness/project.ts";

/** Listens, asks who is there, turns it, and asks again: all without saying a host. */
const SCRIPT = `
import { getLogger, listen } from "./mod.ts";
import { set, status, tail } from "./src/client/mod.ts";
await listen();
await set({ root: "ERROR" });
const [one] = await status();
console.log(one.name, one.levels.root);
// Until the tail sees one.
setInterval(() => getLogger().error("seen"), 10);
for await (const { message } of tail()) { console.log(message); break; }
Deno.exit();
`;

Deno.test("where there is no 127.0.0.1, programs are found on ::1", async () => {
  const isolated = ["unshare", "-n", "sh", "-c"];
  const prepare = "ip link set lo up && ip addr del 127.0.0.1/8 dev lo";
  if (!(await run([...isolated, prepare])).success) {
    console.log("skipped: only root can make a network without IPv4");
    return;
  }
  const map = `--import-map=${projectPath("deps/npm.json")}`;
  const command = `${prepare} && exec "$0" eval --ext=ts --no-check ${JSON.stringify(map)} "$1"`;
  const { stdout, stderr } = await run([...isolated, command, Deno.execPath(), SCRIPT]);
  assertStringIncludes(stdout, "MainProcess ERROR\n", stderr);
  assertEquals(stdout.trim().split("\n").at(-1), "seen");
});

async function run([program, ...args]: string[]) {
  try {
    const output = await new Deno.Command(program!, { args, cwd: projectPath(".") }).output();
    const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success: output.success, stdout: read(output.stdout), stderr: read(output.stderr) };
  } catch {
    return { success: false, stdout: "", stderr: "" };
  }
}
