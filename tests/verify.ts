/**
 * `deno task verify`: format, lint, types, also those that the package declares and those of
 * documented programs, docs, import order, and what would be published where JSR can be reached.
 * Its arguments are the flags of `deps/resolve.ts`.
 *
 * @module
 */
import { EXPORTED_SOURCES } from "../deps/package_entries.ts";

const map = Deno.args;
const SOURCES = ["mod.ts", "src", "workers", "examples", "tests", "deps"];

function run(path: string): string[] {
  return ["run", "-q", "--allow-all", ...map, path];
}

/** Steps by what they check. */
const steps: [name: string, args: string[]][] = [
  ["format", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["types", ["check", "-q", ...map, ...SOURCES]],
  ["declared types", run("tests/deps/check_declared.ts")],
  ["documented programs", run("tests/examples/check_documented.ts")],
  ["docs", ["doc", "-q", "--lint", ...map, ...EXPORTED_SOURCES]],
  ["import order", ["test", "-q", "--allow-all", ...map, "tests/import_order_test.ts"]],
];
if (map.length === 0) {
  steps.push(["publish", ["run", "-q", "--allow-all", "deps/publish.ts", "--dry-run"]]);
} else {
  console.log("publish: skipped, JSR is out of reach; lint and docs stand for it");
}

let failed = 0;
for (const [name, args] of steps) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: new URL("..", import.meta.url),
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  console.log(`${name}: ${code === 0 ? "ok" : "failed"}`);
  if (code !== 0) failed++;
}
Deno.exit(failed === 0 ? 0 : 1);
