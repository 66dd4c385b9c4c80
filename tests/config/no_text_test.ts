import { assertEquals, assertThrows } from "@std/assert";
import { dictConfig, fileConfig, stringifyConfig } from "../../mod.ts";

/** Gives a wrong value to something that takes another. */
interface Mistake {
  readonly desc: string;
  readonly make: (wrong: never) => void;
  readonly wrong: unknown;
  readonly says: string;
}

const MISTAKES: readonly Mistake[] = [
  {
    desc: "a file's URL as its text",
    make: (wrong) => fileConfig(wrong),
    wrong: new URL("file:///app.conf"),
    says: "Cannot read INI text from an object of class URL: " +
      "give the text, as of await Deno.readTextFile()",
  },
  {
    desc: "what nothing can be asked of",
    make: (wrong) => fileConfig(wrong),
    wrong: new Proxy({}, {
      getPrototypeOf: () => {
        throw new Error("hostile");
      },
    }),
    says: "Cannot read INI text from an object: give the text, as of await Deno.readTextFile()",
  },
  {
    desc: "a text that is still read",
    make: (wrong) => fileConfig(wrong),
    wrong: Promise.resolve("[loggers]"),
    says: "Cannot read INI text from a promise (await it): " +
      "give the text, as of await Deno.readTextFile()",
  },
  {
    desc: "a dict that is still read",
    make: (wrong) => dictConfig(wrong),
    wrong: Promise.resolve({ version: 1 }),
    says: "Cannot read the configuration from a promise (await it): it must be an object",
  },
  {
    desc: "JSON as a dict",
    make: (wrong) => dictConfig(wrong),
    wrong: '{"version": 1}',
    says: 'Cannot read the configuration from "{\\"version\\": 1}": it must be an object',
  },
  {
    desc: "a dict that is to be printed, and is still read",
    make: (wrong) => stringifyConfig(wrong),
    wrong: Promise.resolve({ version: 1 }),
    says: "Cannot print a promise (await it) as .conf: it must be an object",
  },
  {
    desc: "no dict to print",
    make: (wrong) => stringifyConfig(wrong),
    wrong: undefined,
    says: "Cannot print undefined as .conf: it must be an object",
  },
];

Deno.test("what is no text or dict is refused where it is given", async (t) => {
  for (const { desc, make, wrong, says } of MISTAKES) {
    await t.step(desc, () => {
      const { message } = assertThrows(() => make(wrong as never), Error);
      assertEquals(message, says);
    });
  }
});
