import { assertEquals } from "@std/assert";
import { importMapFlag, PROJECT, projectPath } from "../harness/project.ts";

Deno.test("what the page about fields shows is what comes out", async () => {
  const page = await Deno.readTextFile(projectPath("examples/structured_logging.md"));
  const examples = [...page.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)];
  assertEquals(examples.length, 6);
  const folder = await Deno.makeTempDir({ prefix: "logdial_page_" });
  try {
    const outputs = await Promise.all(examples.map(async ([, code], index) => {
      const path = `${folder}/example_${index}.ts`;
      const mod = new URL("mod.ts", PROJECT).href;
      await Deno.writeTextFile(path, code!.replace("jsr:@logdial/logging", mod));
      const args = ["run", "-q", "--allow-read", ...importMapFlag(), path];
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      const decoder = new TextDecoder();
      return decoder.decode(stdout) + decoder.decode(stderr);
    }));
    assertEquals(outputs, examples.map(([, , text]) => text));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
