import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { joinFleet } from "../../src/fleet.ts";
import { credsFault, nkeyFault, readCreds } from "../../src/fleet/nats/login_faults.ts";
import { runCommand } from "../harness/run_command.ts";

/** A seed that lets nobody in anywhere. */
const SEED = "SUAC36G7OZWYGM5THMKXWYEUJXPICQXPBMQD3U55YNVJHJXTWMRJKKHQHM";
const block = (text: string, what: string) =>
  `-----BEGIN ${what}-----\n${text}\n------END ${what}------\n`;
const CREDS = block("eyJ0.eyJq.c2ln", "NATS USER JWT") + "\n*** IMPORTANT ***\n\n" +
  block(SEED, "USER NKEY SEED");

Deno.test("seeds of nkeys and credentials are known by their form and checksum", () => {
  assertEquals(nkeyFault(`${SEED}\n`), undefined);
  const other = SEED.replace("36G7", "37G7");
  for (const bad of ["", "hello", CREDS, SEED.replace("SU", "SA"), SEED.slice(1)]) {
    assertMatch(nkeyFault(bad) ?? "", /^the seed of a user's nkey/);
  }
  assertMatch(nkeyFault(other) ?? "", /checksum/);
  for (const good of [CREDS, CREDS.replaceAll("\n", "\r\n"), CREDS.trimEnd()]) {
    assertEquals(credsFault(good), undefined);
    assertEquals(readCreds(good), { jwt: "eyJ0.eyJq.c2ln", seed: SEED });
  }
  for (const bad of ["", SEED, CREDS.slice(0, 120), CREDS.replace(SEED, other)]) {
    assertMatch(credsFault(bad) ?? "", /^credentials as nsc makes them/);
  }
});

Deno.test("a file that can let nobody in is refused at once, with its option", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, SEED.replace("36G7", "37G7"));
    for (const option of ["creds", "nkey", "tls-ca"]) {
      for (const words of [["agent"], ["fleet", "status"]]) {
        const nats = ["--nats", "nats://127.0.0.1:1", "--host-name", "h"].slice(
          0,
          words.length > 1 ? 2 : 4,
        );
        const { code, stderr } = await runCommand([...words, ...nats, `--${option}`, file]);
        assertEquals(code, 2, stderr);
        assert(stderr.startsWith(`logdial: Cannot use --${option} "${file}": it must be `), stderr);
      }
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a program that joins by a bad login is told so at once, without what is secret", () => {
  const join = (login: object) => () =>
    joinFleet({ nats: "nats://127.0.0.1:1", hostName: "h", ...login });
  const logins = [
    { nkey: "SUHIDDEN" },
    { creds: "HIDDEN" },
    { token: 4711 },
    { password: 4711, user: "a" },
    { key: 4711 },
    { tls: "HIDDEN" },
    { tls: { ca: "HIDDEN" } },
    { tls: { key: 4711 } },
    { tls: { CA: "HIDDEN" } },
    { nats: ["nats://a:HIDDEN@h", 1] },
  ];
  for (const login of logins) {
    const error = assertThrows(join(login), TypeError);
    assertMatch(error.message, /^Cannot use option "\w+" of joinFleet: it must be /);
    assert(!/HIDDEN|4711/.test(error.message), error.message);
  }
});

Deno.test("an address that makes no sense is told without its password", async () => {
  const addresses = [
    "nats://a:se/cret@h",
    "nats://a:1#secret@h",
    "nats://a:s,cret@h",
    "http://a:secret@h",
  ];
  for (const nats of addresses) {
    const { code, stderr } = await runCommand(["fleet", "status", "--nats", nats]);
    assertEquals(code, 2, stderr);
    assertMatch(stderr, /: Cannot use NATS server "…(@h)?": it must be like nats:.*, with "%2c"/);
    assert(!stderr.includes("cret"), stderr);
  }
});
