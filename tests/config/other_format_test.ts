import { assert, assertThrows } from "@std/assert";
import { fileConfig } from "../../mod.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";

const CASES: { desc: string; text: string; says: string }[] = [
  {
    desc: "the path of a .conf",
    text: "logging.conf",
    says: 'a path, which is for fileConfig(await Deno.readTextFile("logging.conf"))',
  },
  {
    desc: "the path of a YAML file",
    text: "config/x.yaml",
    says: 'dictConfig(parse(await Deno.readTextFile("config/x.yaml"))), with parse of @std/yaml',
  },
  {
    desc: "the path of a JSON file",
    text: "x.json",
    says: 'dictConfig(JSON.parse(await Deno.readTextFile("x.json")))',
  },
  {
    desc: "YAML",
    text: "# Ours\n---\n\nversion: 1\nroot:\n  level: INFO\n",
    says: "it looks like YAML, which is for dictConfig(parse(text)), with parse of @std/yaml",
  },
  { desc: "JSON", text: '{"version": 1}', says: "dictConfig(JSON.parse(text))" },
  { desc: "none of them", text: "level = INFO\n", says: "before the first [section]" },
];

Deno.test("fileConfig() says what takes a text that is something else", async (t) => {
  for (const { desc, text, says } of CASES) {
    await t.step(desc, () => {
      const { message, line } = assertThrows(() => fileConfig(text), ConfigError);
      assert(message.includes(says), message);
      assert(line === 1);
    });
  }
});
