import { assertEquals } from "@std/assert";
import { PROJECT } from "../harness/project.ts";

/** A link of a document that does not lead anywhere. */
interface DeadLink {
  readonly from: string;
  readonly to: string;
}

Deno.test("every relative link of a published document leads to something published", async () => {
  const published = await readPublished();
  const dead: DeadLink[] = [];
  let followed = 0;
  for (const from of published.filter((path) => path.endsWith(".md"))) {
    for (const to of findLinks(await read(from))) {
      // Another scheme, or another host.
      if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(to)) continue;
      followed++;
      if (!await leadsTo(from, to, published)) dead.push({ from, to });
    }
  }
  assertEquals(dead, []);
  // Otherwise they were not found.
  assertEquals(followed > 3, true);
});

Deno.test("links that lead nowhere are found", async () => {
  const published = ["README.md", "examples/a.md"];
  const cases: [to: string, leads: boolean][] = [
    ["examples/a.md", true],
    ["./examples/", true],
    ["examples", true],
    ["README.md", true],
    ["#use-it", true],
    ["#nowhere", false],
    ["tests/faults", false],
    ["exam", false],
    ["../README.md", false],
    ["/README.md", false],
  ];
  for (const [to, leads] of cases) {
    assertEquals([to, await leadsTo("README.md", to, published)], [to, leads]);
  }
  assertEquals(
    findLinks('[a](b.md) `[c](d)` [e]( <f g.md> "t" )\n```\n[h](i)\n```\n[j]: k.md\n![l](m.png)'),
    ["b.md", "f g.md", "m.png", "k.md"],
  );
});

/** Paths of the files that `deno publish` takes. */
async function readPublished(): Promise<string[]> {
  const { publish } = JSON.parse(await read("deno.json")) as { publish: { include: string[] } };
  return (await Promise.all(publish.include.map(listFiles))).flat();
}

async function listFiles(path: string): Promise<string[]> {
  if ((await Deno.stat(new URL(path, PROJECT))).isFile) return [path];
  const names = (await Array.fromAsync(Deno.readDir(new URL(path, PROJECT)))).map(({ name }) =>
    name
  );
  return (await Promise.all(names.map((name) => listFiles(`${path}/${name}`)))).flat();
}

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, PROJECT));
}

/** Targets of Markdown's links, images and references; code has none. */
function findLinks(text: string): string[] {
  const prose = text.replace(/^(```|~~~)[^]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
  const inline = prose.matchAll(/\]\(\s*(?:<([^>]*)>|([^\s)]+))[^)]*\)/g);
  const references = prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm);
  return [...inline, ...references].map(([, first, second]) => first ?? second!);
}

async function leadsTo(from: string, to: string, published: readonly string[]): Promise<boolean> {
  // In a folder, so that one that leads out of the package is not folded into it.
  const base = new URL(`file:///package/${from}`);
  const { pathname, hash } = new URL(to, base);
  if (!pathname.startsWith("/package/")) return false;
  const path = decodeURIComponent(pathname.slice("/package/".length)).replace(/\/$/, "");
  const isFile = published.includes(path);
  if (!isFile && !published.some((file) => file.startsWith(`${path}/`))) return false;
  return hash === "" ||
    isFile && findAnchors(await read(path)).has(decodeURIComponent(hash.slice(1)));
}

/** What headings are called in links. */
function findAnchors(text: string): Set<string> {
  const headings = text.replace(/^(```|~~~)[^]*?^\1/gm, "").matchAll(/^#+ +(.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-")
    ),
  );
}
