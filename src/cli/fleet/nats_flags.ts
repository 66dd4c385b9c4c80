import { credsFault, nkeyFault, tlsFault } from "../../fleet/nats/login_faults.ts";
import { type NatsOptions, serversOf } from "../../fleet/nats/nats_connect.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { type Flags, readOption } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";

/** Options for the address of the NATS server and for the login there. */
export const NATS_TEXTS: readonly string[] = [
  "nats",
  "creds",
  "nkey",
  "tls-ca",
  "tls-cert",
  "tls-key",
];

/** The part of the help on these options. */
export const NATS_HELP: string = `
  --nats URL      the NATS server, such as nats://nats.example:4222, or several
                  with commas; without it LOGDIAL_NATS
  --creds FILE    credentials, as nsc makes them
  --nkey FILE     file with the seed of an nkey
  --tls-ca FILE   whom to trust, in PEM; --tls-cert FILE and --tls-key FILE
                  say who one is. tls://… is enough for a public CA`;

/** The part of the help on the variables that are read. */
export const NATS_NOTE: string = `
LOGDIAL_NATS_TOKEN, or LOGDIAL_NATS_USER and LOGDIAL_NATS_PASSWORD, let one in
as well; the variables are read with --allow-env=LOGDIAL_NATS,…`;

/**
 * Reads where the server is.
 *
 * @throws {UsageError} No server is given, or a file cannot be read, or holds something else.
 */
export function natsOptions({ texts, command }: Flags): NatsOptions {
  const nats = texts.get("nats") ?? variable("LOGDIAL_NATS");
  if (nats === undefined) {
    const way = mayRead("LOGDIAL_NATS")
      ? " or LOGDIAL_NATS"
      : "; LOGDIAL_NATS may not be read, run or install with --allow-env=LOGDIAL_NATS";
    throw new UsageError(
      `Cannot run ${command}: name the NATS server, by --nats nats://HOST:4222${way}`,
    );
  }
  readOption("--nats", () => serversOf({ nats }));
  const ca = file(texts, "tls-ca"), cert = file(texts, "tls-cert"), key = file(texts, "tls-key");
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError(
      "Cannot use --tls-cert and --tls-key one without the other: they say who one is together",
    );
  }
  const tls = (ca ?? cert ?? key) === undefined ? undefined : { ca, cert, key };
  const creds = file(texts, "creds"), nkey = file(texts, "nkey");
  if (creds !== undefined) checkFile(texts, "creds", credsFault(creds));
  if (nkey !== undefined) checkFile(texts, "nkey", nkeyFault(nkey));
  const fault = tls && tlsFault(tls);
  if (fault !== undefined) checkFile(texts, `tls-${fault.part}`, fault.rule);
  return {
    nats,
    creds,
    nkey,
    token: variable("LOGDIAL_NATS_TOKEN"),
    user: variable("LOGDIAL_NATS_USER"),
    password: variable("LOGDIAL_NATS_PASSWORD"),
    ...tls === undefined ? {} : { tls },
  };
}

/** Refuses a file that is not what it must be: an agent would try in vain for ever. */
function checkFile(
  texts: ReadonlyMap<string, string>,
  option: string,
  rule: string | undefined,
): void {
  if (rule === undefined) return;
  throw new UsageError(`Cannot use --${option} "${texts.get(option)}": it must be ${rule}`);
}

function file(texts: ReadonlyMap<string, string>, option: string): string | undefined {
  const name = texts.get(option);
  if (name === undefined) return undefined;
  try {
    return Deno.readTextFileSync(name);
  } catch (error) {
    throw new UsageError(`Cannot use --${option} "${name}": ${reasonOf(error)}`);
  }
}

function variable(name: string): string | undefined {
  return mayRead(name) ? Deno.env.get(name) || undefined : undefined;
}

function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}
