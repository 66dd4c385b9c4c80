import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { tlsFault } from "../../src/fleet/nats/login_faults.ts";
import {
  connectNats,
  identityCheck,
  type NatsOptions,
  serversOf,
} from "../../src/fleet/nats/nats_connect.ts";
import { fleetAt } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";

/** An authority that signs certificates, in a folder that ends with it. */
class Authority implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "logdial_ca_" });

  constructor() {
    this.#openssl("req", "-x509", ...NEW, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca");
  }

  /** Signs a certificate for these names. */
  sign(name: string, names: string): void {
    const file = `${name}.ext`;
    Deno.writeTextFileSync(this.path(file), `subjectAltName=${names}\n`);
    const asked = ["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`];
    this.#openssl("req", ...NEW, ...asked);
    const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", file];
    this.#openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-out", `${name}.pem`);
  }

  path(name: string): string {
    return `${this.#folder}/${name}`;
  }

  text(name: string): string {
    return Deno.readTextFileSync(this.path(name));
  }

  #openssl(...args: readonly string[]): void {
    const { success, stderr } = new Deno.Command("openssl", { args: [...args], cwd: this.#folder })
      .outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

const NEW = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"] }).outputSync().success;
  } catch {
    console.log("skipped: no openssl to make certificates with");
    return false;
  }
}

async function connect(options: NatsOptions): Promise<void> {
  const { connection, release } = await connectNats(options, "test");
  await connection.close();
  release();
}

Deno.test("a certificate counts for servers that are given, and for no others", () => {
  // Node asks for "localhost" where it is told no name.
  const cases = [
    { nats: "10.0.0.1,10.0.0.2", asked: "localhost", names: "IP Address:10.0.0.2", isFor: true },
    { nats: "10.0.0.1,10.0.0.2", asked: "localhost", names: "IP Address:10.0.0.3", isFor: false },
    { nats: "10.0.0.1", asked: "localhost", names: "DNS:localhost", isFor: false },
    { nats: "10.0.0.1,a.example", asked: "localhost", names: "DNS:a.example", isFor: false },
    { nats: "10.0.0.1,a.example", asked: "a.example", names: "IP Address:10.0.0.1", isFor: false },
    { nats: "10.0.0.1,a.example", asked: "a.example", names: "DNS:a.example", isFor: true },
    { nats: "a.example", asked: "localhost", names: "DNS:localhost", isFor: false },
    { nats: "a.example", asked: "localhost", names: "DNS:a.example", isFor: true },
    { nats: "localhost", asked: "localhost", names: "DNS:localhost", isFor: true },
    { nats: "[::1]", asked: "localhost", names: "IP Address:0:0:0:0:0:0:0:1", isFor: true },
    { nats: "[::1]", asked: "localhost", names: "DNS:localhost", isFor: false },
  ];
  for (const { nats, asked, names: subjectaltname, isFor } of cases) {
    const certificate = { subject: { CN: "any" }, subjectaltname };
    const fault = identityCheck(serversOf({ nats }))(asked, certificate);
    assertEquals(fault === undefined, isFor, `${subjectaltname} for ${nats}`);
  }
});

Deno.test({
  name: "a certificate counts for the address that is given, also for one without a name",
  ignore: !hasNatsServer() || !hasOpenssl(),
  fn: async () => {
    await using authority = new Authority();
    authority.sign("address", "IP:127.0.0.1");
    authority.sign("name", "DNS:localhost");
    authority.sign("client", "DNS:client");
    const ca = authority.text("ca.pem"), tls = { ca };
    const serverOf = async (name: string, more = "") => {
      const server = NatsServer.single();
      const [cert, key] = ["pem", "key"].map((end) => authority.path(`${name}.${end}`));
      await server.startBy(`tls { cert_file: "${cert}", key_file: "${key}", timeout: 60 ${more} }`);
      return server;
    };
    const byAddress = (port: number) => ({ nats: `tls://127.0.0.1:${port}`, tls });
    const byName = (port: number) => ({ nats: `tls://localhost:${port}`, tls });
    {
      await using server = await serverOf("address");
      await connect(byAddress(server.port));
      await assertRejects(() => connect(byName(server.port)), Error, "does not match");
      const untold = { nats: `tls://127.0.0.1:${server.port}` };
      const way = "nobody who is trusted here has signed it: name its authority, by --tls-ca";
      await assertRejects(() => connect(untold), Error, way);
    }
    {
      await using server = await serverOf("name");
      await connect(byName(server.port));
      const about = "IP: 127.0.0.1 is not in the cert's list";
      await assertRejects(() => connect(byAddress(server.port)), Error, about);
    }
    const cert = authority.text("client.pem"), key = authority.text("client.key");
    {
      const proof = `, verify: true, ca_file: "${authority.path("ca.pem")}"`;
      await using server = await serverOf("address", proof);
      await connect({ ...byAddress(server.port), tls: { ca, cert, key } });
      const about = "the server refuses a client without a certificate, or does not answer";
      await assertRejects(() => connect(byAddress(server.port)), Error, about);
    }
    assertEquals(tlsFault({ ca, cert, key }), undefined);
    // One file may have both.
    for (const both of [cert + key, key + cert]) {
      assertEquals(tlsFault({ cert: both, key: both }), undefined);
    }
    assertEquals(tlsFault({ cert, key: authority.text("ca.key") })?.part, "key");
    assertEquals(tlsFault({ cert: key, key })?.part, "cert");
    assertEquals(tlsFault({ cert, key: cert })?.part, "key");
    assertEquals(tlsFault({ cert })?.part, "key");
    assertEquals(tlsFault({ ca: key })?.part, "ca");
  },
});

Deno.test({
  name: "a login that is refused is named, without what is secret of it",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.startBy("authorization { token: right, timeout: 60 }");
    const run = async (login: string) => {
      const { code, stderr } = await fleetAt(server.url.replace("//", `//${login}`))("history");
      return code === 0 ? "let in" : stderr;
    };
    // As all clients of NATS take it.
    assertEquals(await run("right@"), "let in");
    const way = ": a file of them, an nkey, a token, or a user and password";
    const told = async (login: string, given: string) => {
      const text = await run(login);
      assertMatch(text, new RegExp(`Violation, it takes other credentials than ${given}${way}$`));
      assertEquals(text.includes("hidden"), false);
    };
    await told("hidden@", "the token");
    await told("kim:hidden@", 'user "kim" with that password');
    await told("", "none");
  },
});

Deno.test({
  name: "a name alone in the address is a user where a password is given elsewhere",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.startBy("authorization { user: kim, password: right, timeout: 60 }");
    const nats = server.url.replace("//", "//kim@");
    await connect({ nats, password: "right" });
    await connect({ nats: server.url, user: "kim", password: "right" });
    await assertRejects(() => connect({ nats }), Error, "other credentials than the token");
  },
});

Deno.test({
  name: "an account without JetStream is told from a server without it",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    const users = "users: [{ user: a, password: x }]";
    await server.startBy(
      `accounts { A { ${users} }, B { jetstream: enabled } }, authorization { timeout: 60 }`,
    );
    const { code, stderr } = await fleetAt(server.url.replace("//", "//a:x@"))("status");
    assertEquals(code, 1);
    assertMatch(stderr, /: the account has no JetStream, give it some in its limits, or take/);
  },
});
