import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { listThreads } from "../harness/list_threads.ts";
import { plain } from "../harness/line_reader.ts";
import { PackageServer } from "../harness/package_server.ts";
import { PortBlock } from "../harness/port_block.ts";
import { fileUrl, registryFolders } from "../harness/project.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";

/** A user's program: its main thread, an idle worker and one that never yields. */
const MAIN = `
import { getLogger } from "PACKAGE/mod.ts";
import { LOGGER } from "PACKAGE/src/logger.ts";

if (getLogger() !== LOGGER) throw new Error("two copies of the package");
for (const name of ["Idle", "Busy"]) {
  new Worker(import.meta.resolve("./worker.ts"), { type: "module", name }).postMessage(name);
}
for await (const _chunk of Deno.stdin.readable) LOGGER.error("on demand");
`;

const WORKER = `
import { LOGGER } from "PACKAGE/src/logger.ts";

self.onmessage = ({ data }) => {
  LOGGER.info("here");
  while (data === "Busy") {
    const end = performance.now() + 2;
    while (performance.now() < end);
    LOGGER.error("busy");
  }
};
`;

Deno.test("imported over HTTP, every thread changes, also one that computes", async () => {
  await using server = new PackageServer();
  using ports = PortBlock.claim(4);
  const folder = await Deno.makeTempDir({ prefix: "logdial_user_" });
  try {
    const entries = server.entries();
    const write = (name: string, text: string) =>
      Deno.writeTextFile(
        `${folder}/${name}`,
        text.replaceAll(/PACKAGE\/([\w/.]+)/g, (_, source) => entries[source]!),
      );
    await write("main.ts", MAIN);
    await write("worker.ts", WORKER);
    await write("import_map.json", server.importMap());
    await using child = ChildProgram.deno(fileUrl(`${folder}/main.ts`), {
      cwd: folder,
      importMap: `${folder}/import_map.json`,
      // The program's own folder, for its workers; nothing of the package.
      allow: [
        `--allow-import=${server.host}`,
        "--allow-net",
        "--allow-env",
        `--allow-read=${[folder, ...registryFolders()].join()}`,
      ],
      env: { LOGDIAL_PORTS: ports.text },
    });
    await child.until("Idle - INFO - here");
    await child.until("Busy - ERROR - busy");
    const threads = await child.eventually("three threads", async () => {
      const threads = await listThreads(ports);
      return threads.size === 3 ? threads : undefined;
    });
    assertEquals([...threads.keys()].sort(), ["Busy", "Idle", "MainProcess"]);
    for (const [name, { port }] of threads) {
      const ack = await sendConfig(port, taggedConfig("REMOTE", "ERROR"));
      assertEquals([ack.status, ack.name, ack.levels], ["applied", name, { root: "ERROR" }]);
    }
    await child.until(tagged("REMOTE", "Busy", "ERROR", "busy"));
    await child.tell("");
    await child.until(tagged("REMOTE", "MainProcess", "ERROR", "on demand"));
    // Without the hub thread the program would have said so, and Busy would be pending.
    assertEquals(child.stderr.lines.map(plain).filter((line) => !line.startsWith("Download ")), []);
    assert(server.requested.has(server.hubPath), [...server.requested].join());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
