/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page, Request } from "npm:playwright-core@1.65.1";
import { status } from "../../src/client/status.ts";
import { WebServer } from "../../src/web/server/web_server.ts";
import { RecorderProgram } from "../harness/recorder_program.ts";
import { findSerious, openBrowser } from "./browser.ts";

const VIEWS = ["Levels", "Tail", "Dump", "Configuration", "History"];

/** A page that somebody uses. */
class Visitor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    for (const name of ["MainProcess", "W1", "W2"]) {
      await this.page.waitForSelector(`.scope.is-thread:has-text("${name}")`);
    }
  }

  async choose(thread: string): Promise<void> {
    await this.page.click(`.scope.is-thread:has-text("${thread}")`);
    await this.page.waitForSelector(`.scope[aria-current]:has-text("${thread}")`);
  }

  async view(name: string): Promise<void> {
    await this.page.click(`.tabs button:has-text("${name}")`);
  }

  async logger(name: string): Promise<void> {
    await this.page.click(`button.logger:has-text("${name}")`);
    await this.page.waitForSelector(`.turn-logger:text-is("${name}")`);
  }

  /** Turns the dial by the name of a level, and sends it. */
  async turn(level: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.click(`.dial-name:text-is("${level}")`);
    for (const [label, value] of Object.entries(fields)) await this.field(label).fill(value);
    await this.page.click(".turn button[type=submit]");
    await this.page.waitForSelector(".turn .outcome.is-good");
  }

  field(label: string) {
    return this.page.locator(`.view label:has-text("${label}") input`);
  }

  /** The effective level of a logger, once it is that. */
  async untilLevel(logger: string, level: string): Promise<void> {
    await this.page.waitForSelector(
      `tr:has(button.logger:has-text("${logger}")) td:nth-child(3):text-is("${level}")`,
    );
  }
}

Deno.test({
  name: "the page in a browser turns, shows, sends, and is refused to others",
  // The browser's driver keeps connections of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const rule = "MAP *.evil.example 127.0.0.1";
    const browser = await openBrowser([`--host-resolver-rules=${rule}`]);
    if (browser === undefined) {
      console.log("skipped: chromium is not on PATH (apt-get install chromium)");
      return;
    }
    try {
      await using program = new RecorderProgram({ options: { app: "shop" } }, 6);
      await program.start("W1", "W2");
      const targets = { ports: program.ports.range };
      const options = { port: 0, targets, readOnly: false, by: "kim@test" };
      await using server = await WebServer.start(options);
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const told: string[] = [], asked: string[] = [];
      context.on("request", (request) => asked.push(new URL(request.url()).origin));
      context.on("weberror", (error) => told.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error") told.push(message.text());
      });
      const kim = new Visitor(await context.newPage()), lee = new Visitor(await context.newPage());
      await kim.open(server.address);
      await lee.open(server.address);
      // A page behind another one is drawn once a second, and each click waits for two pictures.
      await kim.page.bringToFront();

      await t.step("the token does not stay in the address", () => {
        assertEquals(kim.page.url(), `${server.origin}/`);
      });

      await t.step("many threads are scrolled in their list, and each level has room", async () => {
        const { page } = kim, size = page.viewportSize()!;
        await page.setViewportSize({ width: 1280, height: 200 });
        const sizes = await page.evaluate(() => {
          const isCut = ({ scrollWidth, clientWidth }: Element) => scrollWidth > clientWidth;
          const levels = [...document.querySelectorAll(".scope-level")];
          const list = document.querySelector(".side")!;
          return {
            page: document.scrollingElement!.scrollHeight,
            isScrolled: list.scrollHeight > list.clientHeight,
            cut: levels.filter(isCut).map(({ textContent }) => textContent),
          };
        });
        assertEquals(sizes, { page: 200, isScrolled: true, cut: [] });
        await page.setViewportSize(size);
      });

      await t.step("what is chosen can be seen where the system chooses all colours", async () => {
        const { page } = kim;
        await page.emulateMedia({ forcedColors: "active" });
        await kim.view("History");
        await page.locator(".tabs button[aria-current]").blur();
        const outlines = await page.evaluate(() =>
          [".tabs button", ".scope"].map((selector) =>
            [...document.querySelectorAll(selector)].map((element) =>
              getComputedStyle(element).outlineStyle !== "none" ===
                element.hasAttribute("aria-current")
            )
          )
        );
        assertEquals(outlines.flat().filter((isTold) => !isTold), []);
        await kim.view("Levels");
        await page.emulateMedia({ forcedColors: null });
      });

      await t.step("countdown and budget run down", async () => {
        await program.log(1, "W1", "W2");
        await kim.choose("W2");
        await kim.logger("app.db");
        await kim.turn("DEBUG", { "lines at most": "50", "for how long": "10m", why: "slow" });
        const time = await kim.page.innerText(".forces .time");
        assertMatch(time, /^(10:00|9:\d\d)$/);
        assertMatch(await kim.page.innerText(".forces .who"), /kim@test .* — slow/);
        await program.log(10, "W2");
        await kim.page.waitForSelector(`.budget:text-is("40 of 50 lines left")`);
        await kim.page.waitForFunction(
          (before) => document.querySelector(".forces .time")?.textContent !== before,
          time,
        );
        // What ends it is the last line.
        await program.log(40, "W2");
        await kim.page.waitForSelector(".forces li", { state: "detached" });
        await kim.untilLevel("app.db", "WARNING");
      });

      await t.step("a logger that there is not yet, by the keyboard alone", async () => {
        const { keyboard } = kim.page;
        await kim.page.locator("body").focus();
        await keyboard.press("t");
        await keyboard.press("Home");
        await keyboard.press("Enter");
        await kim.page.waitForSelector(`.turn-scope:has-text("in all 3 threads")`);
        await keyboard.press("/");
        await keyboard.type("app.later");
        await keyboard.press("Enter");
        await kim.page.waitForSelector(`.turn-logger:text-is("app.later")`);
        await keyboard.press("i");
        await keyboard.press("ArrowRight");
        await kim.page.waitForSelector(`.turn .primary:text-is("Turn app.later to DEBUG")`);
        await keyboard.press("Enter");
        await kim.page.waitForSelector(".turn .outcome.is-good");
        await kim.untilLevel("app.later", "DEBUG");
        // Back again: what is taken back is said before.
        await kim.page.locator(".in-force button", { hasText: "Reset …" }).focus();
        await keyboard.press("Enter");
        assertMatch(
          await kim.page.innerText(".sure"),
          /Reset all 3 threads to the levels .* set up/,
        );
        await keyboard.press("Enter");
        await kim.page.waitForSelector(".in-force .outcome.is-good");
        await kim.untilLevel("app.later", "WARNING");
      });

      await t.step("a configuration is loaded, found wrong, compared, and sent", async () => {
        await kim.choose("W2");
        await kim.view("Configuration");
        await kim.page.click(`button:has-text("Load what is running")`);
        const editor = kim.page.locator(".editor");
        await kim.page.waitForFunction(() =>
          document.querySelector<HTMLTextAreaElement>(".editor")!.value.includes("WARNING")
        );
        const text = await editor.inputValue();
        await editor.fill(text.replace("level=WARNING", "level=LOUD"));
        await kim.page.waitForSelector(`.findings .is-bad:has-text("LOUD")`);
        assertEquals(await kim.page.isDisabled(".config button[type=submit]"), true);
        await editor.fill(text.replace("level=WARNING", "level=ERROR"));
        await kim.page.waitForSelector(`.diff-group:has-text("root WARNING → ERROR")`);
        await kim.page.click(".config button[type=submit]");
        await kim.page.waitForSelector(".config .outcome.is-good");
        await kim.view("Levels");
        await kim.untilLevel("root", "ERROR");
      });

      await t.step("a tail shows hostile text as text", async () => {
        await kim.view("Tail");
        await kim.page.click(`button:has-text("Follow W2")`);
        const hostile = `<img src=x onerror="document.title='hit'">`;
        const shown = kim.page.waitForSelector(`.record:has-text("onerror")`);
        let isOver = false;
        const end = () => isOver = true;
        shown.then(end, end);
        // The tail begins some time after the click. A page that gets records faster than it draws
        // them has no time left for being asked.
        while (!isOver) {
          await program.tell("W2", { do: "field", value: hostile }, "W2 told");
          await kim.page.evaluate(() => new Promise(requestAnimationFrame));
        }
        await shown;
        assertEquals(await kim.page.locator("main img").count(), 0);
        assert(await kim.page.title() !== "hit");
        await kim.page.click(`button:has-text("Stop")`);
      });

      await t.step("a frozen worker tells what it kept", async () => {
        await kim.view("Dump");
        await kim.page.click(`button:has-text("Have W2")`);
        await kim.page.waitForSelector(".stream .outcome.is-good");
        await kim.view("History");
        await kim.page.waitForSelector(`.history td:has-text("record root=DEBUG")`);
        await kim.view("Dump");
        await program.log(7, "W2");
        await program.tell("W2", { do: "hang" }, "W2 hangs");
        await kim.field("logger").fill("app.db");
        await kim.page.click(`button:has-text("Show what W2 kept")`);
        await kim.page.waitForSelector(`.kept:has-text("W2")`);
        await kim.page.waitForSelector(`.record:has-text("W2")`);
        await kim.page.waitForSelector(`button:has-text("Show what"):enabled`);
        assertEquals(await kim.page.locator(".record:not(.is-note)").count(), 7);
      });

      await t.step(
        "axe finds nothing serious, by day and by night and on a telephone",
        async () => {
          const found: string[] = [];
          // Axe is slow: each view once, and the colours both ways.
          const looks = [["dark", 1400, [0, 2, 4]], ["light", 390, [0, 1, 3]]] as const;
          for (const [scheme, width, looked] of looks) {
            await kim.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
            await kim.page.setViewportSize({ width, height: 844 });
            for (const [at, view] of VIEWS.entries()) {
              await kim.view(view);
              const overflow = await kim.page.evaluate(() =>
                document.documentElement.scrollWidth - innerWidth
              );
              assertEquals(overflow <= 0, true, `${view} is ${overflow} too wide`);
              if (!looked.some((one) => one === at)) continue;
              const serious = await findSerious(kim.page);
              found.push(...serious.map((one) => `${view}, ${scheme}: ${one}`));
            }
          }
          assertEquals(found, []);
        },
      );

      // Last, since it takes a processor from the others from then on.
      await t.step("a level of a computing worker is turned, and both pages show it", async () => {
        await kim.page.setViewportSize({ width: 1400, height: 900 });
        await kim.view("Levels");
        await program.tell("W1", { do: "flood" }, "W1 floods");
        for (const one of [kim, lee]) await one.choose("W1");
        await kim.logger("app.db");
        await kim.turn("ERROR");
        assertMatch(await kim.page.innerText(".turn .outcome"), /applied in 1 thread/);
        for (const one of [kim, lee]) await one.untilLevel("app.db", "ERROR");
        const others = (await status(targets)).filter(({ name }) => name !== "W1");
        assertEquals(others.flatMap(({ levels }) => levels["app.db"] ?? []), []);
      });

      await t.step("no request has left, and the page has complained of nothing", () => {
        assertEquals([...new Set(asked)], [server.origin]);
        assertEquals(told, []);
      });

      await t.step("another name for this host gets nothing", async () => {
        const page = await (await browser.newContext()).newPage();
        const named = server.address.replace("127.0.0.1", "127.0.0.1.evil.example");
        const response = await page.goto(named);
        assertEquals(response!.status(), 403);
        const [api, actuator] = await askFrom(page, "", server.token);
        assertEquals([api, actuator], ["403", "403"]);
      });

      await t.step("another site can neither ask, nor change, nor frame it", async () => {
        const evil = Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen: () => {} },
          () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
        );
        try {
          const page = await (await browser.newContext()).newPage();
          await page.goto(`http://other.evil.example:${evil.addr.port}/`);
          const before = await status({ ...targets, name: "MainProcess" });
          // It even knows the token.
          assertEquals(await askFrom(page, server.origin, server.token), ["failed", "failed"]);
          const after = await status({ ...targets, name: "MainProcess" });
          assertEquals(after.map(({ levels }) => levels), before.map(({ levels }) => levels));
          const isOurs = (request: Request) => request.url().startsWith(server.origin);
          const ended = Promise.race([
            page.waitForEvent("requestfinished", isOurs),
            page.waitForEvent("requestfailed", isOurs),
          ]);
          await page.evaluate((url) => {
            const frame = document.createElement("iframe");
            frame.src = url;
            document.body.append(frame);
          }, `${server.origin}/`);
          await ended;
          const framed = await page.frames().at(-1)!.content();
          assertEquals(framed.includes("/page/main.ts"), false);
        } finally {
          await evil.shutdown();
        }
      });
    } finally {
      await browser.close();
    }
  },
});

/** What a script of a page gets that asks for a change by the API, and by the actuator. */
async function askFrom(page: Page, origin: string, token: string): Promise<string[]> {
  return await page.evaluate(async ({ origin, token }) => {
    const ask = async (path: string, body: string, headers: Record<string, string>) => {
      try {
        const asked = { method: "POST", body, headers };
        return String((await fetch(`${origin}${path}`, asked)).status);
      } catch {
        return "failed";
      }
    };
    const bearer = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const change = JSON.stringify({ scope: { kind: "all" }, levels: { root: "DEBUG" } });
    return [
      await ask("/api/set", change, { ...bearer, "x-logdial": "1" }),
      await ask("/actuator/loggers/ROOT", '{"configuredLevel":"DEBUG"}', bearer),
    ];
  }, { origin, token });
}
