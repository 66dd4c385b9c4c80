/**
 * Prints the flag that makes the `@std` packages resolvable on this machine: nothing
 * where JSR (or its cache) answers, else the import map of their copies on npm.
 *
 * The tasks in deno.json splice it in as `$(cat deps/.chosen/… || deno run … deps/resolve.ts)`;
 * the path is relative because tasks run in the project's folder, which may hold spaces. Each says
 * it in full: tasks share no variables, and one that ran another would start one more process.
 *
 * Where it has chosen npm it keeps that in `deps/.chosen`, which saves a task the start of this
 * program: the map works as well where JSR can be reached later. That JSR answers is not kept,
 * since a cache that is emptied would make it wrong; nor is what holds for another registry, the
 * `JSR_URL` that is its argument.
 */
const PROBES = [
  "@std/ini",
  "@std/fmt/colors",
  "@std/assert",
  "@std/cli/parse-args",
  "@std/yaml",
];
const NPM = "--import-map=deps/npm.json";

try {
  // In a variable, so that it is resolved now and a miss can be caught.
  for (const specifier of PROBES) await import(specifier);
} catch {
  console.log(NPM);
  if (Deno.args.length === 0) keep(NPM);
}

function keep(flags: string): void {
  // Without the permission it would be asked for, in a terminal.
  if (Deno.permissions.querySync({ name: "write", path: "deps" }).state !== "granted") return;
  try {
    Deno.mkdirSync("deps/.chosen", { recursive: true });
    Deno.writeTextFileSync("deps/.chosen/flags", `${flags}\n`);
  } catch {
    // In a folder that cannot be written, each task asks anew.
  }
}
