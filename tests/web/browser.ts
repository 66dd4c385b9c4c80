import axe from "npm:axe-core@4.14.1";
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";

/** Debian's browser; undefined where it is not installed. */
export async function openBrowser(args: readonly string[]): Promise<Browser | undefined> {
  const executablePath = await findOnPath("chromium");
  if (executablePath === undefined) return undefined;
  // It visits our own pages only, and its sandbox is not to be had for root and in containers.
  return await chromium.launch({ executablePath, args: ["--no-sandbox", ...args] });
}

async function findOnPath(program: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      const path = `${folder}/${program}`;
      if ((await Deno.stat(path)).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** What axe finds serious or worse on a page as it is now. */
export async function findSerious(page: Page): Promise<string[]> {
  // By the debugger, since the page's policy lets no other script in.
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("Runtime.evaluate", { expression: axe.source });
    const { result } = await session.send("Runtime.evaluate", {
      expression: `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
        violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap(
          ({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " " + target + " " + failureSummary)))`,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value as string[];
  } finally {
    await session.detach();
  }
}
