import { assertEquals, assertMatch } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

Deno.test("logdial web prints an address that is right as a whole only, and shows it to the user's browser alone", async () => {
  using ports = PortBlock.claim(2);
  const folder = await Deno.makeTempDir({ prefix: "logdial_web_" });
  try {
    // A browser that tells what it is shown, and who else may read that.
    const opener = `${folder}/xdg-open`;
    const said = `${folder}/said`;
    const script = `f="\${1#file://}"; { echo "$1"; stat -c %a "$f"; cat "$f"; } > ${said}.part`;
    await Deno.writeTextFile(opener, `#!/bin/sh\n${script}\nmv ${said}.part ${said}\n`);
    await Deno.chmod(opener, 0o755);
    const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, TMPDIR: folder };
    const args = ["web", "--ports", String(ports.first), "--port", String(ports.last)];
    await using web = ChildProgram.deno("src/cli/main.ts", {
      args: [...args, "--read-only", "--open"],
      env,
    });
    const address = await web.until(/^http/);
    const [, origin, token] = /^(http:\/\/127\.0\.0\.1:\d+)\/#([\w-]{43})$/.exec(address)!;
    assertEquals(origin, `http://127.0.0.1:${ports.last}`);
    assertMatch(await (await fetch(`${origin}/`)).text(), /<title>logdial<\/title>/);
    // In the package it is made by the bundler, from the sources as it starts.
    const served = await fetch(`${origin}/page/main.ts`);
    assertEquals(served.headers.get("content-type"), "text/javascript; charset=utf-8");
    assertMatch(await served.text(), /x-logdial|from "\.\/model\.ts"/);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const change = { method: "POST", headers, body: '{"configuredLevel":"DEBUG"}' };
    const refused = await fetch(`${origin}/actuator/loggers/app`, change);
    assertEquals(refused.status, 403);
    assertMatch(await refused.text(), /--read-only/);

    const shown = await web.eventually("a browser", () => readIfThere(said));
    const [file, mode] = shown.split("\n");
    assertEquals([file!.includes(token!), mode], [false, "600"]);
    assertEquals(shown.includes(`url=${address}"`), true);

    await using second = ChildProgram.deno("src/cli/main.ts", { args });
    assertEquals((await second.end()).code, 1);
    assertMatch(second.stderr.lines.join(), /port \d+: the port is taken/);

    web.signal("SIGTERM");
    assertEquals((await web.end()).code, 0);
    assertEquals(await readIfThere(file!.slice("file://".length)), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("logdial web ends well though the file that it made for the browser has gone", async () => {
  using ports = PortBlock.claim(1);
  const folder = await Deno.makeTempDir({ prefix: "logdial_web_" });
  try {
    // A browser that removes what it is shown, as systems do after some days.
    const script = '#!/bin/sh\nrm "${1#file://}" && touch "${1#file://}.gone"\n';
    await Deno.writeTextFile(`${folder}/xdg-open`, script);
    await Deno.chmod(`${folder}/xdg-open`, 0o755);
    const env = { PATH: `${folder}:${Deno.env.get("PATH")}`, TMPDIR: folder };
    const args = ["web", "--ports", String(ports.first), "--open"];
    await using web = ChildProgram.deno("src/cli/main.ts", { args, env });
    const address = await web.until(/^http/);
    await web.eventually(
      "a browser",
      () => Promise.resolve([...Deno.readDirSync(folder)].find(({ name }) => /gone$/.test(name))),
    );
    // By then it waits for signals.
    await (await fetch(address)).body?.cancel();
    web.signal("SIGTERM");
    assertEquals((await web.end()).code, 0);
    assertEquals(web.stderr.lines, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("logdial web --open names the way out where no temporary file can be made", async () => {
  using ports = PortBlock.claim(1);
  const args = ["web", "--ports", String(ports.first), "--open"];
  const env = { TMPDIR: "/no/such/folder" };
  await using web = ChildProgram.deno("src/cli/main.ts", { args, env });
  await web.untilError(
    "no temporary file can be made, name another folder by TMPDIR: No such file",
  );
});

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("logdial web --open names all permissions at once that opening the browser needs", async () => {
  using ports = PortBlock.claim(2);
  const args = ["web", "--ports", String(ports.first), "--port", String(ports.last), "--open"];
  const program = { darwin: "open", windows: "rundll32" }[Deno.build.os as string] ?? "xdg-open";
  const write = "--allow-write of the folder for temporary files";
  for (
    const [allow, missing] of [
      [[], `--allow-run=${program} and ${write}`],
      [[`--allow-run=${program}`], write],
    ] as const
  ) {
    await using web = ChildProgram.deno("src/cli/main.ts", {
      args,
      allow: ["--allow-net", "--allow-read", ...allow],
    });
    await web.until(/^http/);
    assertEquals(
      await web.untilError(/browser/),
      `logdial: Cannot open the browser: run with ${missing}`,
    );
  }
});

Deno.test("logdial web ends though a client reads none of its answers", async () => {
  using ports = PortBlock.claim(1);
  await using web = ChildProgram.deno("src/cli/main.ts", {
    args: ["web", "--ports", String(ports.first)],
  });
  const { host, hostname, port } = new URL(await web.until(/^http/));
  using conn = await Deno.connect({ hostname, port: Number(port) });
  const requests = `GET /page.css HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(2000);
  for (let rest = new TextEncoder().encode(requests); rest.length > 0;) {
    rest = rest.subarray(await conn.write(rest));
  }
  let before = "";
  await web.eventually("answers that stall", async () => {
    const last = before;
    before = await unread(conn);
    return before === last && Number(before) > 0 || undefined;
  });
  web.signal("SIGTERM");
  assertEquals((await web.end()).code, 0);
  assertEquals(web.stderr.lines, []);
});

/** Bytes that have arrived at the connection's end here and that nobody has read, as 0x and digits. */
async function unread({ localAddr, remoteAddr }: Deno.TcpConn): Promise<string> {
  const ends = [localAddr, remoteAddr].map(({ port }) =>
    `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  );
  const sockets = (await Deno.readTextFile("/proc/net/tcp")).split("\n");
  const fields = sockets.map((line) => line.trim().split(/\s+/));
  // An ended connection to another port may have had the same port here.
  const own = fields.find(([, ...places]) => ends.every((end, at) => places[at]?.endsWith(end)));
  return `0x${own?.[4]?.split(":")[1] ?? "0"}`;
}
