import { assertEquals } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import type { LineBudget } from "../../src/core/loggers/line_budget.ts";
import { LoggerAdapter } from "../../src/core/loggers/logger_adapter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { outlets, routeOf } from "../../src/core/loggers/route.ts";
import type { LogOptions } from "../../src/core/records/log_options.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** Loggers at INFO with a handler, and changes of levels for some calls. */
function begin(handlerLevel = 0) {
  const manager = new Manager();
  const handler = new ListHandler(handlerLevel);
  handler.opens = true;
  manager.root.addHandler(handler);
  manager.root.setLevel("INFO");
  const log = new ReversibleChanges(manager, standardRegistry());
  let seq = 0;
  const set = (loggers: Record<string, string>, said: object, lines?: number) => {
    const id = `c${++seq}`;
    const { root, ...named } = loggers;
    const levels = Object.entries(named).map(([name, level]) => [name, { level }]);
    const text = JSON.stringify({
      version: 1,
      incremental: true,
      loggers: Object.fromEntries(levels),
      ...root === undefined ? {} : { root: { level: root } },
      logdial: { open: true, ...said },
    });
    log.apply({ id, seq, text, by: "test", at: "", lines, expiresAt: 1e15 });
    return id;
  };
  const take = () => handler.records.splice(0).map((record) => record.getMessage());
  return { manager, log, set, take, handler };
}

Deno.test("of many interleaved requests only those of the scope are shown, from all loggers named", async () => {
  const { manager, set, take } = begin();
  set({ "app.db": "DEBUG", "app.http": "DEBUG" }, { where: { user: "7" } });
  const request = async (user: number) => {
    const bound = manager.getLogger("app.db").with({ user });
    for (let step = 0; step < 3; step++) {
      bound.debug("bound %d", user);
      manager.getLogger("app.http").debug("own %d", user, { user });
      manager.getLogger("app.other").debug("other", { user });
      await Promise.resolve();
      manager.getLogger("app.http.sub").debug("context %d", user);
    }
  };
  const users = Array.from({ length: 50 }, (_, user) => user);
  await Promise.all(users.map((user) => withContext({ user }, () => request(user))));
  assertEquals(take().sort(), [
    ...Array(3).fill("bound 7"),
    ...Array(3).fill("context 7"),
    ...Array(3).fill("own 7"),
  ]);
});

Deno.test("a scope looks at an object in a context as it is at the call", () => {
  const { manager, set, take } = begin();
  set({ app: "DEBUG" }, { where: { "session.user": "7" } });
  const session: { user?: number } = {};
  withContext({ session }, () => {
    manager.getLogger("app").debug("nobody");
    session.user = 7;
    manager.getLogger("app").debug("seven");
    session.user = 8;
    manager.getLogger("app").debug("eight");
  });
  assertEquals(take(), ["seven"]);
});

Deno.test("which calls a scope is for", async (t) => {
  const cases: { desc: string; said: object; log: (app: Log) => void; shown: string[] }[] = [
    {
      desc: "all fields must fit",
      said: { where: { user: "1", "req.id": "a" } },
      log: (app) => {
        app.debug("both", { user: 1, req: { id: "a" } });
        app.debug("one", { user: 1 });
        app.with({ user: 1 }).debug("bound and own", { req: { id: "a" } });
        app.with({ user: 2 }).debug("another", { user: 1, req: { id: "a" } });
        app.debug("dotted name", { user: "1", "req.id": "a" });
      },
      shown: ["both", "bound and own", "dotted name"],
    },
    {
      desc: "fields before the message, and beside an error",
      said: { where: { user: "1" } },
      log: (app) => {
        app.debug({ user: 1 }, "first");
        app.debug("error", new Error("x"), { user: 1 });
        app.debug("error last", { user: 1 }, new Error("x"));
        app.debug("a proxy", Proxy.revocable({}, {}).proxy);
        app.debug("none");
      },
      shown: ["first", "error", "error last"],
    },
    {
      desc: "the message as it is written",
      said: { match: "pool %d*" },
      log: (app) => {
        app.debug("pool %d has %d", 1, 2);
        app.debug("pool 1 has 2");
        app.debug("a pool %d", 1);
      },
      shown: ["pool 1 has 2"],
    },
    {
      desc: "values of a template are *",
      said: { match: "user * left" },
      log: (app) => {
        app.debug`user ${7} left`;
        app.debug`user ${7} came`;
      },
      shown: ["user 7 left"],
    },
    {
      desc: "one in so many",
      said: { sample: "1/3", match: "n*" },
      log: (app) => {
        app.debug("m");
        for (let index = 0; index < 7; index++) app.debug("n%d", index);
      },
      shown: ["n0", "n3", "n6"],
    },
    {
      desc: "a number, true and null as text",
      said: { where: { a: "1", b: "true", c: "null" } },
      log: (app) => app.debug("x", { a: 1, b: true, c: null }),
      shown: ["x"],
    },
    {
      desc: "a date and a URL as they are shown, other objects as JSON",
      said: { where: { at: "1970-01-01T00:00:00.000Z", url: "http://shop/", ids: "[1]" } },
      log: (app) => app.debug("x", { at: new Date(0), url: new URL("http://shop"), ids: [1] }),
      shown: ["x"],
    },
    {
      desc: "disable() and disabled count",
      said: { where: { user: "1" } },
      log: (app) => {
        app.disabled = true;
        app.debug("disabled", { user: 1 });
      },
      shown: [],
    },
    {
      desc: "what the level shows, all the same",
      said: { where: { user: "1" } },
      log: (app) => app.info("info"),
      shown: ["info"],
    },
  ];
  for (const { desc, said, log, shown } of cases) {
    await t.step(desc, () => {
      const { manager, set, take } = begin();
      set({ app: "DEBUG" }, said);
      log(manager.getLogger("app"));
      assertEquals(take(), shown);
    });
  }
});

Deno.test("a sample by a field shows all calls of a value, or none", () => {
  const { manager, set, take } = begin();
  set({ app: "DEBUG" }, { sample: "1/4:id" });
  const app = manager.getLogger("app");
  for (let id = 0; id < 400; id++) {
    app.with({ id }).debug("%d", id);
    app.debug("%d", id, { id });
  }
  const shown = take();
  const ids = new Set(shown);
  assertEquals(shown.length, 2 * ids.size);
  assertEquals(ids.size > 50 && ids.size < 150, true, String(ids.size));
});

Deno.test("several scopes count, each is taken back by itself, and a level beneath stays as it was", () => {
  const { manager, log, set, take } = begin(40);
  const app = manager.getLogger("app");
  const both = () => {
    for (const user of [1, 2, 3]) app.debug("u%d", user, { user });
    return take();
  };
  const one = set({ app: "DEBUG" }, { where: { user: "1" } });
  const two = set({ root: "DEBUG" }, { where: { user: "2" } });
  assertEquals(both(), ["u1", "u2"], "though the handler is at ERROR");
  set({ app: "INFO" }, {});
  assertEquals(both(), ["u1"], "of the root's what inherits its level");
  log.takeBack(["c3"]);
  log.takeBack([one]);
  assertEquals(both(), ["u2"]);
  log.takeBack([two]);
  assertEquals(both(), []);
  app.error("u");
  assertEquals([take(), app.level], [["u"], 0]);
});

Deno.test("a scope's lines are counted, and the last one takes it back", () => {
  const { manager, log, set, take } = begin();
  let left = 2;
  const lines: LineBudget = {
    take: () => left-- > 0,
    settle: () => void (left === 0 && log.takeBack(["c1"])),
  };
  log.linesOf = (change) => change.lines === undefined ? undefined : lines;
  set({ app: "DEBUG" }, { where: { user: "1" } }, 2);
  const app = manager.getLogger("app");
  for (const user of [2, 1, 2, 1, 1]) app.debug("u%d", user, { user });
  app.info("free");
  assertEquals([take(), log.inForce.length], [["u1", "u1", "free"], 0]);
});

Deno.test("a scope opens handlers for its calls, also for those that the level lets pass", async (t) => {
  const shownOf = (
    level: string,
    handlerLevel: number,
    said: object,
    change?: (one: ReturnType<typeof begin>) => void,
  ) => {
    const one = begin(handlerLevel);
    one.manager.root.setLevel(level);
    change?.(one);
    one.set({ root: "DEBUG" }, said);
    const app = one.manager.getLogger("app");
    for (const user of [7, 42]) {
      for (const kind of ["debug", "info", "warning", "error"] as const) {
        app[kind](`${kind} of %d`, user, { user });
      }
    }
    return one.take();
  };
  const all = ["debug of 42", "info of 42", "warning of 42", "error of 42"];
  const where = { user: "42" };
  for (const level of ["DEBUG", "INFO", "ERROR"]) {
    await t.step(`loggers at ${level}, the handler at ERROR`, () => {
      assertEquals(shownOf(level, 40, { where }), ["error of 7", ...all]);
    });
  }
  await t.step("the handler between", () => {
    assertEquals(shownOf("INFO", 30, { where }), ["warning of 7", "error of 7", ...all]);
  });
  await t.step("by the message, and one in so many of each kind", () => {
    const infos = shownOf("INFO", 40, { match: "info*" });
    assertEquals(infos, ["info of 7", "error of 7", "info of 42", "error of 42"]);
    // Below the level the first of two, at the level and above the first of six.
    const sampled = shownOf("INFO", 40, { sample: "1/6" });
    assertEquals(sampled, ["debug of 7", "info of 7", "error of 7", "error of 42"]);
  });
  await t.step("only if it is opened", () => {
    assertEquals(shownOf("INFO", 40, { where, open: false }), ["error of 7", "error of 42"]);
  });
  await t.step("by name, beside what is opened for all", () => {
    const shown = shownOf("WARNING", 40, { where, open: ["ListHandler"] }, (one) => {
      one.handler.opens = false;
      one.set({ root: "WARNING" }, { open: ["ListHandler"] });
    });
    assertEquals(shown, ["warning of 7", "error of 7", ...all]);
  });
  await t.step("what any of them opens, also where a newer one opens less", () => {
    class Quiet extends ListHandler {}
    const takenOf = (older: unknown, newer: unknown) => {
      const { manager, set, take } = begin(40), quiet = new Quiet(40);
      manager.root.addHandler(quiet);
      set({ root: "DEBUG" }, { where, open: older });
      set({ app: "DEBUG" }, { where, open: newer });
      manager.getLogger("app").debug("both", { user: 42 });
      return [take().length, quiet.records.length];
    };
    assertEquals(takenOf(true, false), [1, 0]);
    assertEquals(takenOf(["Quiet"], true), [1, 1]);
  });
  await t.step("what any of them opens, also where a newer one is for higher levels", () => {
    const { manager, set, take } = begin(30);
    manager.root.setLevel("ERROR");
    // It takes what the newer one begins with, but not what the older one does.
    manager.root.addHandler(new ListHandler(15));
    set({ app: "DEBUG" }, { where });
    set({ app: "INFO" }, { where });
    manager.getLogger("app").info("both", { user: 42 });
    assertEquals(take(), ["both"]);
  });
  await t.step("what is foretold of calls that the level lets pass is what comes out", () => {
    const { manager, set, take, handler } = begin(40);
    const other = new ListHandler(30);
    manager.root.addHandler(other);
    manager.root.setLevel("ERROR");
    const scope = { level: 10, opening: { from: 10, handlers: [] } };
    const foretold = (level: number) =>
      outlets(routeOf(manager, "app", level, scope)).map((stop) => stop.handler);
    set({ app: "DEBUG" }, { where });
    assertEquals(foretold(10), [handler]);
    // The other handler takes all that this one shows, so that it opens none for anybody.
    set({ app: "WARNING" }, {});
    manager.getLogger("app").warning("both", { user: 42 });
    assertEquals([take(), foretold(30), foretold(10)], [[], [other], [handler]]);
  });
  await t.step("a level above the loggers' shows nothing more", () => {
    const { manager, set, take } = begin(40);
    set({ root: "WARNING" }, { where });
    manager.getLogger("app").warning("no", { user: 42 });
    assertEquals(take(), []);
  });
  await t.step("lines are taken by what comes out thanks to it", () => {
    const { manager, log, set, take } = begin(40);
    let left = 2;
    log.linesOf = ({ lines }) =>
      lines === undefined ? undefined : {
        take: () => left-- > 0,
        settle: () => void (left === 0 && log.takeBack(["c1"])),
      };
    set({ root: "DEBUG" }, { where }, 2);
    const app = manager.getLogger("app").with({ user: 42 });
    for (const text of ["1", "2", "3", "4"]) text === "1" ? app.error(text) : app.info(text);
    assertEquals([take(), log.inForce.length], [["1", "2", "3"], 0]);
  });
  await t.step("through an adapter, by the message as it is written", () => {
    const { manager, set, take } = begin(40);
    set({ root: "DEBUG" }, { match: "pool %d" });
    class Prefixed extends LoggerAdapter {
      override process(msg: unknown, options: LogOptions): [unknown, LogOptions] {
        return [`[x] ${msg}`, options];
      }
    }
    const app = new Prefixed(manager.getLogger("app"));
    app.info("pool %d", 1);
    app.info("lake %d", 1);
    assertEquals(take(), ["[x] pool 1"]);
  });
});

Deno.test("an object that is bound is asked as it is at the call", () => {
  const { manager, set, take } = begin();
  set({ app: "DEBUG" }, { where: { "session.user": "kim" } });
  const session: { user?: string } = {};
  const app = manager.getLogger("app").with({ session, requestId: 1 });
  const log = (text: string) => {
    app.debug(text);
    withContext({ tenant: "t" }, () => app.debug(`${text}, in a context`));
  };
  log("before the login");
  assertEquals(app.isEnabledFor("DEBUG"), false);
  session.user = "kim";
  log("kim");
  assertEquals(app.isEnabledFor("DEBUG"), true);
  // As with other bound fields, what the call says does not count.
  app.debug("hers", { session: { user: "lee" } });
  session.user = "lee";
  log("lee");
  app.debug("his", { session: { user: "kim" } });
  delete session.user;
  log("after the logout");
  app.debug("the call's", { session: { user: "kim" } });
  assertEquals(take(), ["kim", "kim, in a context", "hers", "the call's"]);
});

Deno.test("isEnabledFor asks bound fields and the context", () => {
  const { manager, set } = begin();
  set({ app: "DEBUG" }, { where: { user: "1" } });
  const app = manager.getLogger("app");
  assertEquals(app.isEnabledFor("DEBUG"), false);
  assertEquals(app.with({ user: 1 }).isEnabledFor("DEBUG"), true);
  assertEquals(app.with({ user: 2 }).isEnabledFor("DEBUG"), false);
  assertEquals(withContext({ user: 1 }, () => app.isEnabledFor("DEBUG")), true);
});

Deno.test("isEnabledFor throws for no field: a proxy that cannot be read is in no scope", () => {
  const { manager, set, take } = begin();
  set({ app: "DEBUG" }, { where: { "user.id": "1" } });
  const fail = () => {
    throw new Error("unreadable");
  };
  const user = new Proxy({}, { getOwnPropertyDescriptor: fail, get: fail });
  const app = manager.getLogger("app"), bound = app.with({ user });
  assertEquals(bound.isEnabledFor("DEBUG"), false);
  assertEquals(withContext({ user }, () => app.isEnabledFor("DEBUG")), false);
  bound.debug("hidden");
  bound.info("shown");
  assertEquals(take(), ["shown"]);
});

type Log = ReturnType<Manager["getLogger"]>;

Deno.test("a scope looks at what an adapter adds, at a call's own fields, and at its extra", () => {
  const { manager, set, take } = begin();
  let processed = 0;
  class Prefixed extends LoggerAdapter {
    override process(msg: unknown, options: LogOptions): [unknown, LogOptions] {
      processed++;
      const [, all] = super.process(msg, options);
      return [`[x] ${msg}`, all];
    }
  }
  const app = manager.getLogger("app");
  const of7 = new LoggerAdapter(app, { user: "7" }), of8 = new LoggerAdapter(app, { user: "8" });
  const outer = new LoggerAdapter(new Prefixed(app, {}, true), { user: 7 });
  const any = new Prefixed(app);
  any.debug("dropped", { user: 7 });
  assertEquals([processed, of7.isEnabledFor("DEBUG")], [0, false]);

  set({ app: "DEBUG" }, { where: { user: "7" } });
  app.debug("extra", { extra: { user: 7 } });
  app.debug("both", { id: 1 }, { extra: { user: 7 } });
  app.debug("another's", { extra: { user: 8 } });
  of7.debug("adapter's");
  of8.debug("another's");
  of8.debug("call's own", { user: 7 });
  outer.debug("outer");
  any.debug("own %d", 1, { user: 7 });
  any.debug("none");
  assertEquals(
    [of7, of8, outer, any].map((one) => one.isEnabledFor("DEBUG")),
    [true, false, true, false],
  );
  assertEquals(take(), ["extra", "both", "adapter's", "call's own", "[x] outer", "[x] own 1"]);

  // By the message as it stands in the source, and counted once a call.
  set({ lib: "DEBUG" }, { match: "pool %d", sample: "1/2" });
  const lib = new Prefixed(manager.getLogger("lib"));
  for (let at = 0; at < 4; at++) lib.debug("pool %d", at);
  lib.debug("lake %d", 1);
  assertEquals(take(), ["[x] pool 0", "[x] pool 2"]);
});
