import { assertEquals } from "@std/assert";
import { filePath } from "../../src/core/io/file_path.ts";
import { permissionFlag } from "../../src/core/io/permission_flag.ts";

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
