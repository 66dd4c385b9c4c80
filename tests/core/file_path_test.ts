import { assertEquals } from "@std/assert";
import { filePath } from "../../src/core/io/file_path.ts";
import { neededFlags, permissionFlag } from "../../src/core/io/permission_flag.ts";

Deno.test("a file URL is read as its path", () => {
  const cases: [url: string, path: string][] = [
    ["file:///srv/app.log", "/srv/app.log"],
    ["file:///srv/dir%20%C3%BC/app.log", "/srv/dir ü/app.log"],
    ["file:///srv/dir ü/app.log", "/srv/dir ü/app.log"],
    ["file:///srv/100%25%23%3F/", "/srv/100%#?/"],
    // What cannot be decoded names a file all the same.
    ["file:///srv/100%/a%FF", "/srv/100%/a%FF"],
  ];
  for (const [url, path] of cases) assertEquals(filePath(new URL(url)), path);
});

Deno.test("a flag that is named to the user works as it is typed in a shell", async (t) => {
  const cases: { path: string; isQuoted: boolean }[] = [
    { path: "/srv/app-1.0_x/", isQuoted: false },
    { path: "/srv/ü/日本/", isQuoted: false },
    { path: "/srv/my app/", isQuoted: true },
    { path: '/srv/it\'s $HOME `x` "y" *;&|<>(){}!#~\\/', isQuoted: true },
    { path: "/srv/a\nb", isQuoted: true },
  ];
  for (const { path, isQuoted } of cases) {
    await t.step(path, async () => {
      const flag = permissionFlag("read", path);
      assertEquals(flag.includes("'"), isQuoted);
      const args = ["-c", `printf %s ${flag}`];
      const { stdout } = await new Deno.Command("sh", { args }).output();
      assertEquals(new TextDecoder().decode(stdout), `--allow-read=${path}`);
    });
  }
  await t.step("Deno has no way to name a path with a comma", () => {
    assertEquals(permissionFlag("write", "/srv/a,b/app.log"), "--allow-write");
  });
});

Deno.test("a worker is told what permissions of its own need, which no flag changes", async (t) => {
  const module = new URL("../../src/core/io/permission_flag.ts", import.meta.url);
  const program = `
    import { neededFlags } from ${JSON.stringify(module.href)};
    onmessage = ({ data }) => postMessage(neededFlags(data));
    postMessage("ready");`;
  const worker = new Worker(`data:application/javascript,${encodeURIComponent(program)}`, {
    type: "module",
  });
  const answer = () =>
    new Promise<string>((resolve) => worker.onmessage = ({ data }) => resolve(data));
  assertEquals(await answer(), "ready");
  const cases: [wanted: Deno.PermissionDescriptor[], flags: string, own: string][] = [
    [[{ name: "net", host: "[::1]" }], "--allow-net=[::1]", 'net: ["[::1]"]'],
    [[{ name: "net" }], "--allow-net", "net: true"],
    [[{ name: "env", variable: "A" }], "--allow-env=A", 'env: ["A"]'],
    [[{ name: "sys", kind: "hostname" }], "--allow-sys=hostname", 'sys: ["hostname"]'],
    [
      [
        { name: "read", path: "/a b" },
        { name: "read", path: "/c" },
        { name: "write", path: "/d,e" },
      ],
      "--allow-read='/a b',/c --allow-write",
      'read: ["/a b","/c"], write: ["/d,e"]',
    ],
  ];
  for (const [wanted, flags, own] of cases) {
    await t.step(flags, async () => {
      worker.postMessage(wanted);
      const told = `${flags}; a worker with deno.permissions of its own needs ${own} there`;
      assertEquals([neededFlags(wanted), await answer()], [flags, told]);
    });
  }
  worker.terminate();
});

Deno.test("a flag that denies is named where there is one, and not where Deno itself has refused", async (t) => {
  const module = new URL("../../src/core/io/permission_flag.ts", import.meta.url);
  const program = `
    import { withoutDenial } from ${JSON.stringify(module.href)};
    const wanted = [
      { name: "write", path: "/srv/app.log" },
      { name: "read", path: "/srv" },
      { name: "net", host: "127.0.0.1" },
      { name: "env", variable: "ENV" },
    ];
    const before = withoutDenial(wanted);
    // Without a terminal that refuses it, from then on and in workers, too.
    for (const one of wanted) Deno.permissions.requestSync(one);
    console.log(before + "|" + withoutDenial(wanted));`;
  const cases: [flags: string[], told: string][] = [
    [[], ""],
    [["--deny-write", "--deny-net"], " without --deny-write and --deny-net"],
    [["-A", "--deny-read=/srv", "--deny-env=ENV"], " without --deny-read and --deny-env"],
  ];
  for (const [flags, told] of cases) {
    await t.step(["deno run", ...flags].join(" "), async () => {
      const args = ["run", "--quiet", "--no-config", ...flags, "-"];
      const piped = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
      const child = new Deno.Command(Deno.execPath(), { args, ...piped }).spawn();
      await new Blob([program]).stream().pipeTo(child.stdin);
      const { stdout } = await child.output();
      assertEquals(new TextDecoder().decode(stdout), `${told}|${told}\n`);
    });
  }
});
