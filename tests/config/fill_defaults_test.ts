import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { fillDefaults } from "../../src/config/ini/fill_defaults.ts";
import { IniDocument, parseIniTable } from "../../src/config/ini/ini_document.ts";

const CASES: { desc: string; text: string; filled: string }[] = [
  {
    desc: "values, and nothing else of the line",
    text: "[s]\nargs = ('%(here)s/a.log', '%%(here)s')  \nb: %(HERE)s # kept\n",
    filled: "[s]\nargs = ('/srv/a.log', '%%(here)s')  \nb: /srv # kept\n",
  },
  {
    desc: "a value of several lines, but not a comment in it",
    text: "[s]\nargs = (\n  '%(here)s',\n# %(here)s\n  '%(name)s')\n",
    filled: "[s]\nargs = (\n  '/srv',\n# %(here)s\n  '/srv/app')\n",
  },
  {
    desc: "a format, where it is a field of the record",
    text: "[formatter_f]\nformat = %(name)s %(message)s\ndatefmt = %(here)s\n",
    filled: "[formatter_f]\nformat = %(name)s %(message)s\ndatefmt = %(here)s\n",
  },
  {
    desc: "what the file says itself",
    text: "[DEFAULT]\nhere = /own\n[s]\na = %(here)s\nb = %(other)s\n",
    filled: "[DEFAULT]\nhere = /own\n[s]\na = %(here)s\nb = %(other)s\n",
  },
  {
    desc: "what one section says itself, and others do not",
    text: "[s]\nhere = /own\na = %(here)s\n[t]\na = %(here)s %(name)s",
    filled: "[s]\nhere = /own\na = %(here)s\n[t]\na = /srv /srv/app\n" +
      "[DEFAULT]\nhere = /srv\n",
  },
];

Deno.test("defaults are put into a .conf where it refers to them", async (t) => {
  const defaults = { here: "/srv", name: "%(here)s/app" };
  for (const { desc, text, filled } of CASES) {
    await t.step(desc, () => {
      assertEquals(fillDefaults(text, parseIniTable(text), defaults), filled);
      const given = IniDocument.fromTable(parseIniTable(text), { ...defaults, other: "" });
      const whole = IniDocument.fromTable(parseIniTable(filled), { other: "" });
      for (const [name, section] of given.sections) {
        for (const { key } of section.ownEntries()) {
          const isRaw = ["format", "datefmt"].includes(key);
          const read = (from: IniDocument) =>
            isRaw ? from.get(name)!.raw(key) : from.get(name)!.value(key);
          assertEquals(read(whole), read(given), "it means the same");
        }
      }
    });
  }
});

Deno.test("blanks at the ends of defaults stay, or are refused where no .conf can keep them", () => {
  const fill = (text: string, at: string) => fillDefaults(text, parseIniTable(text), { at });
  const quoted = "[s]\nkwargs = {'ident': '%(at)s'}\nargs = %(at)s\n[t]\nat = other\n";
  const filled = fill(quoted, " 'a' ").split("\n");
  assertEquals(filled.slice(1, 3), ["kwargs = {'ident': ' 'a' '}", "args =  'a' "]);
  for (const at of [" app", "app ", "app\n# x\ny", ""]) {
    const text = "[s]\nargs=()\n[logger_app]\nqualname = %(at)s\n";
    if (at === "") {
      assertEquals(fill(text, at), text.replace("%(at)s", ""));
      continue;
    }
    const { message } = assertThrows(() => fill(text, at), ConfigError);
    assertStringIncludes(message, `no .conf can say ${JSON.stringify(at)}`);
    assertStringIncludes(message, '(section [logger_app], key "qualname", line 4)');
  }
});
