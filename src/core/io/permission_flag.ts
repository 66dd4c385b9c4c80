/**
 * The flag that gives a program access to a path, as one types it in a shell, and the one that
 * denies it, if there is one.
 *
 * @example
 * ```ts
 * import { permissionFlag } from "./permission_flag.ts";
 *
 * permissionFlag("read", "/srv/my app/"); // --allow-read='/srv/my app/'
 * ```
 */
export function permissionFlag(access: "read" | "write", path: string): string {
  return neededFlags([{ name: access, path }]);
}

/**
 * The flags that give a program permissions, one for each kind, and those that deny them. To a worker
 * it also tells what to add to permissions of its own, which flags do not change; whether it has
 * such it cannot know.
 *
 * @example
 * ```ts
 * import { neededFlags } from "./permission_flag.ts";
 *
 * neededFlags([{ name: "net", host: "127.0.0.1" }]); // --allow-net=127.0.0.1
 * ```
 */
export function neededFlags(wanted: readonly Deno.PermissionDescriptor[]): string {
  const kinds = Map.groupBy(wanted, ({ name }) => name);
  const values = [...kinds].map(([name, all]) => [name, [...new Set(all.map(valueOf))]] as const);
  const flags = values.map(([name, all]) => `--allow-${name}${flagValue(all)}`);
  const needed = flags.join(" ") + withoutDenial(wanted);
  if (!("WorkerGlobalScope" in globalThis)) return needed;
  const own = values.map(([name, all]) =>
    `${name}: ${all.includes("") ? true : JSON.stringify(all)}`
  );
  return `${needed}; a worker with deno.permissions of its own needs ${own.join(", ")} there`;
}

/** What follows a flag; nothing for all of the kind. */
function flagValue(values: readonly string[]): string {
  // Deno takes a comma for the end of a path, even in quotes: then the flag is given for all paths.
  const isForAll = values.some((value) => value === "" || value.includes(","));
  return isForAll ? "" : `=${values.map(quote).join(",")}`;
}

/** What a permission is for, such as a path or a host; empty for all of the kind. */
function valueOf(one: Deno.PermissionDescriptor): string {
  const { host, path, variable, kind } = one as {
    host?: string;
    path?: string | URL;
    variable?: string;
    kind?: string;
  };
  return String(host ?? path ?? variable ?? kind ?? "");
}

/** Whether the program may, so that Deno asks nobody for it. */
export function mayAccess(access: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name: access, path }).state === "granted";
}

/**
 * The text ` without --deny-net` if such a flag keeps the program from something, since it overrules
 * a flag that allows it; else empty.
 *
 * @example
 * ```ts
 * import { withoutDenial } from "./permission_flag.ts";
 *
 * withoutDenial([{ name: "net", host: "127.0.0.1" }]);
 * ```
 */
export function withoutDenial(wanted: readonly Deno.PermissionDescriptor[]): string {
  const flags = new Set(wanted.filter(isDeniedByFlag).map(({ name }) => `--deny-${name}`));
  return flags.size === 0 ? "" : ` without ${[...flags].join(" and ")}`;
}

/**
 * Whether a flag such as `--deny-net` denies a permission. Deno also calls a permission denied that
 * somebody has refused at the terminal, or that was asked for without a terminal, also in workers
 * that start later; but then no other permission of the kind is denied.
 */
function isDeniedByFlag(wanted: Deno.PermissionDescriptor): boolean {
  const state = (one: Deno.PermissionDescriptor) => Deno.permissions.querySync(one).state;
  const { name } = wanted;
  if (state(wanted) !== "denied") return false;
  const other = { name, host: "other.invalid", path: "/other.invalid", variable: "OTHER_INVALID" };
  return state(other as Deno.PermissionDescriptor) === "denied" ||
    state({ name } as Deno.PermissionDescriptor) === "granted";
}

/** Quotes a text for a shell, unless it is an address or has no character that a shell would change. */
function quote(text: string): string {
  const isPlain = /^([\p{L}\p{N}_./:@%+=\\-]+|\[[\da-f]*:[\da-f:.]*\](:\d+)?)$/iu.test(text);
  return isPlain ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
