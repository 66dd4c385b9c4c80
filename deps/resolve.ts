/**
 * Prints the flag that makes the `@std` packages resolvable on this machine: nothing
 * where JSR (or its cache) answers, else the import map of their copies on npm.
 *
 * The tasks in deno.json splice it in as `$(deno run -q -R deps/resolve.ts)`; the path
 * is relative because tasks run in the project's folder, which may hold spaces.
 */
const PROBES = ["@std/ini", "@std/fmt/colors", "@std/assert", "@std/cli/parse-args"];

try {
  // In a variable, so that it is resolved now and a miss can be caught.
  for (const specifier of PROBES) await import(specifier);
} catch {
  console.log("--import-map=deps/npm.json");
}
