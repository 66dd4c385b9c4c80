import axe from "npm:axe-core@4.14.1";
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";

/** Where Debian puts it. */
const PATH = "/usr/bin/chromium";

/** Debian's browser; undefined where it is not installed. */
export async function openBrowser(args: readonly string[]): Promise<Browser | undefined> {
  try {
    await Deno.stat(PATH);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const isRoot = Deno.uid() === 0;
  return await chromium.launch({
    executablePath: PATH,
    args: [...isRoot ? ["--no-sandbox"] : [], ...args],
  });
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
