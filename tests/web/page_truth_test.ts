/// <reference lib="dom" />
import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { set } from "../../src/client/commands.ts";
import { status } from "../../src/client/status.ts";
import { WebServer } from "../../src/web/server/web_server.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { openBrowser } from "./browser.ts";

Deno.test({
  name: "what the page says is so",
  // The browser's driver keeps connections of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const browser = await openBrowser([]);
    if (browser === undefined) {
      console.log("skipped: chromium is not on PATH (apt-get install chromium)");
      return;
    }
    try {
      const key = "a key that the page does not have";
      await using program = new OperatorProgram({ options: { app: "shop", answerTimeout: 1000 } });
      await using keyed = new OperatorProgram({ options: { app: "safe", key } });
      await Promise.all([program.start("W1"), keyed.until("MainProcess", () => true)]);
      const targets = { ports: [program.ports.range, keyed.ports.range] };
      const options = { port: 0, targets, readOnly: false, by: "kim@test" };
      await using server = await WebServer.start(options);
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      page.setDefaultTimeout(60_000);
      await page.goto(server.address);
      for (const name of ["shop", "safe"]) await choose(page, name);

      await t.step(
        "what stays is not ended by the listener, and what it ends is told",
        async () => {
          await choose(page, "shop");
          await page.click(`.chip:text-is("stays")`);
          await turn(page, "DEBUG");
          await page.waitForSelector(`.turn .outcome:has-text("applied in 2 threads")`);
          const { overrides, changed } = await program.until(
            "W1",
            ({ levels }) => levels.root === "DEBUG",
          );
          assertEquals([overrides, changed?.label], [[], "set root=DEBUG"]);
          await page.fill(`label:has-text("for how long") input`, "5h");
          await turn(page, "DEBUG");
          await page.waitForSelector(`.turn .outcome li:has-text("ends after 60 min")`);
        },
      );

      await t.step("what is refused is told also when others have it by now", async () => {
        await choose(page, "Everything");
        await page.route("**/api/set", async (route) => {
          // It is pending, however long the page has taken to ask.
          await program.block("W1");
          await route.continue();
        }, { times: 1 });
        await turn(page, "ERROR");
        await page.waitForSelector(`.turn .outcome:has-text("W1: pending")`);
        await program.open("W1");
        await page.waitForSelector(`.turn .outcome:has-text("applied in 2 of 3 threads")`);
        await page.waitForSelector(`.turn .outcome li:has-text("signed changes only")`);
      });

      await t.step("an answer says what it is about, where something else is chosen", async () => {
        await choose(page, "shop");
        const hasMoved = Promise.withResolvers<void>();
        await page.route("**/api/set", async (route) => {
          await hasMoved.promise;
          await route.continue();
        }, { times: 1 });
        await turn(page, "INFO");
        await page.click(`button.logger:has-text("logdial")`);
        await page.waitForSelector(`.turn-logger:text-is("logdial")`);
        hasMoved.resolve();
        const about = "root in all 2 threads of shop: applied in 2 threads";
        await page.waitForSelector(`.turn .outcome:has-text("${about}")`);
      });

      await t.step(
        "a double click, or a key that is held down, takes back one change",
        async () => {
          await choose(page, "shop");
          const undo = page.locator(`button:text-is("Take back the last change")`);
          const answered = `.in-force .outcome:has-text("applied in 2 threads")`;
          await set({ "app.db": "DEBUG", "app.http": "DEBUG" }, { ...targets, app: "shop" });
          for (const level of ["INFO", "ERROR"]) {
            await set({ "app.db": level }, { ...targets, app: "shop" });
          }
          await undo.dblclick();
          await page.waitForSelector(answered);
          await program.until("W1", ({ levels }) => levels["app.db"] === "INFO");
          await choose(page, "Everything");
          await choose(page, "shop");
          await undo.focus();
          // Each further one is a repetition.
          for (let count = 0; count < 3; count++) await page.keyboard.down("Enter");
          await page.keyboard.up("Enter");
          await page.waitForSelector(answered);
          // What has been sent by now comes first.
          await page.click(`button.logger:has-text("root")`);
          await turn(page, "INFO");
          await page.waitForSelector(`.turn .outcome.is-good`);
          const { levels } = await program.until(
            "W1",
            ({ changed }) => changed?.label === "set root=INFO",
          );
          assertEquals([levels["app.db"], levels["app.http"]], ["DEBUG", "DEBUG"]);
        },
      );

      await t.step("a page that was not let in takes the right address", async () => {
        const other = await browser.newPage();
        await other.goto(`${server.origin}/#${"x".repeat(43)}`);
        await other.waitForSelector(".refused");
        // It has not looked, so it does not know whether anybody listens.
        assertEquals(await other.isVisible(".empty"), false);
        await other.goto(server.address);
        await other.waitForSelector(`.scope:has-text("shop")`);
        assertEquals(other.url(), `${server.origin}/`);
        await other.close();
      });

      await t.step("why a page is not shown stands where it is looked for", async () => {
        const other = await browser.newPage();
        const message = "Cannot show one more page: 64 are open, close one first";
        await other.route(
          "**/api/events",
          (route) => route.fulfill({ status: 503, json: { error: { message } } }),
        );
        await other.goto(server.address);
        await other.waitForSelector(`.link.is-lost:has-text("64 are open")`);
        assertEquals(await other.isVisible(".empty"), false);
        await other.close();
      });

      await t.step("a reset says what it takes back by then, and keeps the focus", async () => {
        await choose(page, "shop");
        const reset = page.locator(`.in-force button:text-is("Reset …")`);
        await reset.click();
        await page.waitForSelector(".sure b");
        await set({ "app.db": "CRITICAL" }, { ...targets, app: "shop" });
        await page.waitForSelector(`.sure:has-text("set app.db=CRITICAL")`);
        await page.keyboard.press("Enter");
        await page.waitForSelector(`.in-force .outcome:has-text("took back set app.db=CRITICAL")`);
        assertEquals(await reset.evaluate((one) => one === document.activeElement), true);
      });

      await t.step("who cannot tell its history says why", async () => {
        await choose(page, "Everything");
        await view(page, "History");
        await page.waitForSelector(`.history p:has-text("signed questions only")`);
      });

      await t.step("history is shown though threads answer something else meanwhile", async () => {
        await view(page, "Levels");
        await choose(page, "shop");
        await page.route("**/api/history", async (route) => {
          const response = await route.fetch();
          // Each question counts, as those of the page itself do.
          const { generation } = await program.until("W1", () => true);
          await program.until("W1", (told) => told.generation > generation + 1);
          await route.fulfill({ response });
        });
        await set({ "app.late": "ERROR" }, { ...targets, app: "shop" });
        await view(page, "History");
        await page.waitForSelector(`.history td:text-is("set app.late=ERROR")`);
        await letAnswersThrough(page);
      });

      await t.step("a tail is at its end when one comes back to it", async () => {
        await choose(page, "shop");
        await view(page, "Tail");
        await page.click(`button:has-text("Follow all 2 threads of shop")`);
        await page.waitForSelector(`.stream button:text-is("Stop")`);
        const first = page.waitForSelector(".record");
        let isOver = false;
        const end = () => isOver = true;
        first.then(end, end);
        // It begins some time after the click. A page that gets records faster than it draws them has
        // no time left for being asked.
        while (!isOver) {
          await program.levelsLogged("W1", "begins");
          await page.evaluate(() => new Promise(requestAnimationFrame));
        }
        await first;
        await program.tell("W1", { do: "flood", count: 100 });
        await page.waitForFunction(() => document.querySelectorAll(".record").length > 100);
        await view(page, "Levels");
        await view(page, "Tail");
        const isAtEnd = () => {
          const { scrollTop, scrollHeight, clientHeight } = document.querySelector(".records")!;
          return scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 40;
        };
        await page.waitForFunction(isAtEnd);
        await page.click(`.stream button:text-is("Stop")`);
      });

      await t.step("a tail that runs has the level that is chosen meanwhile", async () => {
        await view(page, "Tail");
        const isAsked = (level: string) =>
          page.waitForRequest((request) =>
            request.url().endsWith("/tail") && request.postDataJSON().level === level
          );
        const first = isAsked("DEBUG"), second = isAsked("ERROR");
        await page.click(`button:has-text("Follow all 2 threads of shop")`);
        await first;
        await page.selectOption(".bar select", "ERROR");
        await second;
        const typed = page.waitForRequest((request) =>
          request.url().endsWith("/tail") && request.postDataJSON().logger === "app.db"
        );
        await page.fill(`.bar label:has-text("logger") input`, "app.db");
        await page.keyboard.press("Enter");
        await typed;
        await page.click(`.stream button:text-is("Stop")`);
      });

      await t.step(
        "what a configuration would change is compared with what is so now",
        async () => {
          await view(page, "Configuration");
          const config = { version: 1, incremental: true, root: { level: "CRITICAL" } };
          await page.fill(".editor", JSON.stringify(config));
          await page.waitForSelector(`.diff-group:has-text("→ CRITICAL")`);
          await set({ root: "CRITICAL" }, { ...targets, app: "shop" });
          await page.waitForSelector(`.diff-group:has-text("no level changes")`);
          await view(page, "Levels");
        },
      );

      await t.step("a check is shown though threads answer something else meanwhile", async () => {
        await view(page, "Configuration");
        await page.route("**/api/check", async (route) => {
          const response = await route.fetch();
          const { generation } = await program.until("W1", () => true);
          await program.until("W1", (told) => told.generation > generation + 1);
          await route.fulfill({ response });
        });
        const config = { version: 1, incremental: true, root: { level: "ERROR" } };
        await page.fill(".editor", JSON.stringify(config));
        await page.waitForSelector(`.diff-group:has-text("→ ERROR")`);
        await letAnswersThrough(page);
        await view(page, "Levels");
      });

      await t.step("a dump by a field that is none is refused", async () => {
        await view(page, "Dump");
        await page.fill(`.view label:has-text("where") input`, "requestId");
        await page.click(`button:has-text("Show what all 2 threads of shop kept")`);
        await page.waitForSelector(`.record:has-text('Cannot use where "requestId"')`);
        await view(page, "Levels");
      });

      await t.step("what a thread refuses is told as that, and as nothing else", async () => {
        await choose(page, "safe");
        const refusal = `has-text("signed questions only")`;
        await view(page, "Tail");
        await page.click(`button:has-text("Follow the one thread of safe")`);
        await page.waitForSelector(`.record:${refusal}`);
        await page.waitForSelector(`.record:has-text("nobody is followed any more")`);
        await view(page, "Dump");
        await page.fill(`.view label:has-text("where") input`, "");
        await page.click(`button:has-text("Show what the one thread of safe kept")`);
        await page.waitForSelector(`.kept li:${refusal}`);
        await page.waitForSelector(`button:has-text("Show what"):enabled`);
        assertEquals(await page.locator(".record").count(), 0);
        await view(page, "Configuration");
        await page.waitForSelector(`.diff-group:${refusal}`);
        assertEquals(await page.isDisabled(".config button[type=submit]"), true);
        await view(page, "Levels");
      });

      await t.step("countdowns are right in a browser with another time", async () => {
        await set({ "app.db": "DEBUG" }, { ...targets, app: "shop", for: "10m" });
        const other = await browser.newPage();
        await other.clock.install({ time: Date.now() + 300_000 });
        await other.goto(server.address);
        await other.waitForSelector(`.forces li:has-text("app.db=DEBUG")`);
        assertMatch(
          await other.innerText(`.forces li:has-text("app.db=DEBUG") .time`),
          /^(10:00|9:\d\d)$/,
        );
        await other.close();
      });

      await t.step("a thread that takes the port of the chosen one is not chosen", async () => {
        await choose(page, "W1");
        await page.click(`.dial-name:text-is("ERROR")`);
        const { port } = await program.until("W1", () => true);
        await page.focus(`.scope:has(.scope-name:text-is("W1"))`);
        await program.tell("W1", { do: "close" });
        await page.waitForSelector(`.turn-scope:has-text("a thread that has ended")`);
        // One beside it has the focus now.
        assertEquals(await page.locator(".scope:focus").count(), 1);
        await program.start("W2");
        assertEquals((await program.until("W2", () => true)).port, port);
        await page.waitForSelector(`.scope:has-text("W2")`);
        assertEquals(await page.isDisabled(".turn button[type=submit]"), true);
        assertEquals(await page.locator(".scope[aria-current]").count(), 0);
        await choose(page, "W2");
      });

      await t.step("what is pending is told as applied once the thread has it", async () => {
        await choose(page, "shop");
        await page.route("**/api/rollback", async (route) => {
          // When the page looked at it last, nothing was pending.
          await program.block("W2");
          await route.continue();
        }, { times: 1 });
        await page.click(`button:text-is("Take back the last change")`);
        await page.waitForSelector(`.in-force .outcome:has-text("W2: pending")`);
        await program.open("W2");
        await page.waitForSelector(`.in-force .outcome:has-text("applied by now, by W2 too")`);
        const [w2] = await status({ ports: program.ports.range, name: "W2" });
        assertEquals(w2!.pending, 0);
      });

      await t.step(
        "what others turn before a pending thread has it is not told as pending",
        async () => {
          await choose(page, "shop");
          await page.click(`button.logger:has-text("root")`);
          await page.route("**/api/set", async (route) => {
            await program.block("W2");
            const response = await route.fetch();
            await set({ root: "CRITICAL" }, { ports: program.ports.range, by: "lee" });
            await route.fulfill({ response });
          }, { times: 1 });
          await turn(page, "ERROR");
          await page.waitForSelector(`.turn .outcome:has-text("W2: pending")`);
          await program.open("W2");
          await page.waitForSelector(`.turn .outcome:has-text("W2: it has come to it")`);
        },
      );

      await t.step("names that turn the direction of the text are shown as they are", async () => {
        const turned = "W3\u202edne";
        await program.tell("W2", { do: "log", logger: "app.\u2066x", text: turned });
        await program.start(turned);
        await choose(page, "shop");
        await page.click(`.tabs button:has-text("Levels")`);
        await page.waitForFunction(() => {
          const shown = [...document.querySelectorAll(".scope, button.logger")]
            .map(({ textContent }) => textContent).join("\n");
          return ["W3\\u202edne", "\\u2066x"].every((name) => shown.includes(name));
        });
        const html = await page.evaluate(() => document.documentElement.outerHTML);
        assertEquals(/[\u202e\u2066]/.test(html), false);
      });

      // Last, since it ends the program.
      await t.step("a thread that ends is not pending", async () => {
        await choose(page, "shop");
        await program.block("W2");
        await page.click(`button.logger:has-text("root")`);
        await turn(page, "ERROR");
        await page.waitForSelector(`.turn .outcome:has-text("W2: pending")`);
        await program.child[Symbol.asyncDispose]();
        await page.waitForSelector(`.turn .outcome:has-text("W2: it has ended")`);
      });
    } finally {
      await browser.close();
    }
  },
});

/** Ends what holds answers up, also while it holds one: the page may have asked again by then. */
function letAnswersThrough(page: Page): Promise<void> {
  return page.unrouteAll({ behavior: "ignoreErrors" });
}

/** Chooses a thread or a program by its name. */
async function choose(page: Page, name: string): Promise<void> {
  await page.click(`.scope:has(.scope-name:text-is("${name}"))`);
  await page.waitForSelector(`.scope[aria-current]:has-text("${name}")`);
}

/** Opens a view. */
async function view(page: Page, name: string): Promise<void> {
  await page.click(`.tabs button:has-text("${name}")`);
}

/** Turns what is chosen. */
async function turn(page: Page, level: string): Promise<void> {
  await page.click(`.dial-name:text-is("${level}")`);
  await page.click(".turn button[type=submit]");
}
