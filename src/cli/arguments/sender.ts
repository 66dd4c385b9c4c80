import type { SenderOptions } from "../../client/send_options.ts";
import type { Flags } from "./flags.ts";

/** The part of the help about who changes something, and why. */
export const SENDER_HELP: string = `
  --reason TEXT   why, for status, history and the programs' logs`;

/** The help on who changes something. */
export const SENDER_NOTE: string = `
Who changes it is told as user@host, as far as --allow-env=USER and
--allow-sys=hostname let that be known, else by the address.`;

/** Who changes something, and why, as the listeners are told it. */
export function senderOptions({ texts }: Flags): Pick<SenderOptions, "by" | "reason"> {
  const by = userAtHost(), reason = texts.get("reason");
  return { ...by === undefined ? {} : { by }, ...reason === undefined ? {} : { reason } };
}

/**
 * As much of `kim@laptop` as can be known without prompting for a permission; listeners always know
 * the address.
 */
function userAtHost(): string | undefined {
  const user = readUser();
  const isAllowed = Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state;
  const host = isAllowed === "granted" ? Deno.hostname() : "";
  if (host === "") return user;
  return user === undefined ? `@${host}` : `${user}@${host}`;
}

/** The user's name; on Windows it has another one. */
function readUser(): string | undefined {
  for (const variable of ["USER", "USERNAME"]) {
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    const name = state === "granted" ? Deno.env.get(variable) : undefined;
    if (name !== undefined && name.trim() !== "") return name;
  }
  return undefined;
}
