/**
 * `deno task publish`: packs the package and publishes it from `dist`; what is given to the task is
 * given to `deno publish`, such as `--dry-run`. The first arguments are the flags of
 * `deps/resolve.ts`.
 *
 * @module
 */
if (Deno.args[0]?.startsWith("--import-map=")) {
  console.error(
    "Cannot publish: the @std packages are stand-ins here, since JSR is out of reach, and would be " +
      "in the package",
  );
  Deno.exit(1);
}
await run(["run", "--quiet", "--allow-all", "deps/pack.ts"], "../");
await run(["publish", "--allow-dirty", ...Deno.args], "../dist/");

async function run(args: string[], folder: string): Promise<void> {
  const cwd = new URL(folder, import.meta.url);
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
