import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";

/** Runs a scene to its good end, and gives what it has printed. */
async function runScene(scene: string, allow: readonly string[]) {
  const options = { args: [scene], allow };
  await using program = ChildProgram.deno("tests/fixtures/handlers_network.ts", options);
  const stdout = await program.output();
  return { stdout: stdout.split("\n"), stderr: program.stderr.lines.join("\n") };
}

Deno.test("network handlers that may not send tell so, and the program goes on", async () => {
  const { stdout, stderr } = await runScene("direct", ["--allow-read=."]);
  assertEquals(stdout, ["at the end"]);
  assertEquals(stderr.match(/^--- Logging error ---$/gm)?.length, 7, stderr);
  assertEquals(stderr.includes("run with --allow-net=0.0.0.0:0,127.0.0.1:9"), true, stderr);
  assertEquals(stderr.includes("Uncaught"), false, stderr);
});

Deno.test("datagrams to a name need its address too, and the flag for that is named", async () => {
  const named = ["--allow-read=.", "--allow-net=0.0.0.0:0,localhost"];
  const { stdout, stderr } = await runScene("named", named);
  assertEquals(stdout, ["at the end"]);
  // Of the first the address is known ahead, of the second once it is looked up.
  const told = stderr.match(/^NotCapable: .*$/gm);
  assertEquals(
    told,
    Array(2).fill("NotCapable: the program may not, run with --allow-net=127.0.0.1:9"),
  );
  const enough = await runScene("named", [named[0]!, `${named[1]},127.0.0.1:9`]);
  assertEquals([enough.stdout, enough.stderr], [["at the end"], ""]);
});

Deno.test("permission that is taken back is told of, and the program goes on", async () => {
  const { stdout, stderr } = await runScene("revoked", ["--allow-all"]);
  assertEquals(stdout, ["at the end"]);
  assertEquals(stderr.match(/^--- Logging error ---$/gm)?.length, 9, stderr);
  assertEquals(stderr.includes("Uncaught"), false, stderr);
});

Deno.test("a configuration whose handler may not send is refused before anything changes", async () => {
  const { stdout } = await runScene("configured", ["--allow-read=."]);
  const wanted = [
    "--allow-net=127.0.0.1:9",
    "--allow-net=0.0.0.0:0,127.0.0.1:9",
    "--allow-net=0.0.0.0:0,example.com",
    "--allow-net=[::1]:514",
    "--allow-read=/tmp/nosuch.sock --allow-write=/tmp/nosuch.sock " +
    "--allow-net=unix:/tmp/nosuch.sock",
    "--allow-net=example.com:443",
    "--allow-net=example.com:25",
    "--allow-write=/tmp/nosuch.log",
  ].map((flags) => {
    return `Cannot build handler "out": the program may not, run with ${flags} ` +
      "(section [handlers.out])";
  });
  wanted.push(
    'Cannot build handler "out": Cannot open log file "/tmp/nosuch.log": run with ' +
      '--allow-write=/tmp/nosuch.log (section [handlers.out], key "filename")',
  );
  assertEquals(stdout, [...wanted.flatMap((line) => [line, "still here"]), "at the end"]);
});

Deno.test("flags that deny what a handler needs are named beside those to add", async () => {
  const { stdout } = await runScene("configured", ["--allow-read=.", "--deny-net", "--deny-write"]);
  const told = stdout.filter((line) => line.startsWith("Cannot")).map((line) =>
    line.replace(/^.* run with /, "").replace(/ \(section.*$/, "")
  );
  assertEquals(told.at(0), "--allow-net=127.0.0.1:9 without --deny-net");
  const unix = told.find((line) => line.includes("unix:"));
  assertEquals(unix?.replace(/^.* without /, ""), "--deny-write and --deny-net");
  assertEquals(told.at(-1), "--allow-write=/tmp/nosuch.log without --deny-write");
});

Deno.test("ends that are dead are told of, and do not hold up the program's end", async () => {
  const begin = performance.now();
  const { stdout, stderr } = await runScene("dead", ["--allow-all"]);
  assertEquals(stdout, ["at the end"]);
  const told = stderr.match(/^--- Logging error ---$/gm)?.length ?? 0;
  assertEquals(told, 10, stderr.replaceAll(/x{100,}/g, "x…").slice(0, 5000));
  assertEquals(stderr.includes("Uncaught"), false);
  const took = performance.now() - begin;
  assertEquals(took < 20_000, true, `${took} ms`);
});
