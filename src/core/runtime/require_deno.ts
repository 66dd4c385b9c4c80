/**
 * The first import of every entry: it says that Deno is needed. Without it, other runtimes would fail
 * with `Deno is not defined`, and the command would end without a word. They read all modules before
 * the first one runs: so no module of `src` has syntax that Node.js 20 does not know, such as `using`.
 *
 * @module
 */

/** The oldest Deno that hands shared memory to a thread that never yields. */
const OLDEST: readonly [major: number, minor: number] = [2, 9];

/** What tells the runtimes apart. */
interface Runtime {
  readonly Deno?: { readonly version?: { readonly deno?: string } };
  readonly Bun?: { readonly version?: string };
  readonly process?: { readonly versions?: { readonly node?: string } };
}

/** Why the library cannot run in a runtime; undefined if it can. */
export function whyNotHere(runtime: Runtime): string | undefined {
  const version = runtime.Deno?.version?.deno;
  if (version !== undefined && isNewEnough(version)) return undefined;
  const needed = `logdial needs Deno ${OLDEST.join(".")} or newer, and this is`;
  if (version !== undefined) return `${needed} Deno ${version}: run "deno upgrade"`;
  const { Bun, process } = runtime;
  const name = Bun !== undefined
    ? `Bun ${Bun.version}`
    : process?.versions?.node !== undefined
    ? `Node.js ${process.versions.node}`
    : "another runtime";
  return `${needed} ${name}: run the program with "deno run", or "npx -y deno run"`;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || major === OLDEST[0] && minor >= OLDEST[1];
}

const reason = whyNotHere(globalThis as Runtime);
if (reason !== undefined) throw new Error(reason);
