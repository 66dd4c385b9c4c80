import { assertEquals, assertThrows } from "@std/assert";
import {
  dictConfig,
  fileConfig,
  getLogger,
  type Logger,
  NullHandler,
  withContext,
} from "../../mod.ts";

/** Gives a wrong value to something that takes another. */
interface Mistake {
  readonly desc: string;
  readonly make: (logger: Logger, wrong: never) => void;
  readonly wrong: unknown;
  readonly says: string;
}

const MISTAKES: Mistake[] = [
  {
    desc: "a handler's name",
    make: (logger, wrong) => logger.addHandler(wrong),
    wrong: "console",
    says: 'Cannot add a handler, "console": it must be a Handler, with handle(record)',
  },
  {
    desc: "nothing as a handler",
    make: (logger, wrong) => logger.addHandler(wrong),
    wrong: undefined,
    says: "Cannot add a handler, undefined: it must be a Handler, with handle(record)",
  },
  {
    desc: "a number as a filter",
    make: (logger, wrong) => logger.addFilter(wrong),
    wrong: 5,
    says: "Cannot add a filter, 5: it must be a function, or have filter(record)",
  },
  {
    desc: "a handler's filter without its method",
    make: (_, wrong) => new NullHandler().addFilter(wrong),
    wrong: { filter: true },
    says: "Cannot add a filter, an object: it must be a function, or have filter(record)",
  },
  {
    desc: "a format as a formatter",
    make: (_, wrong) => new NullHandler().setFormatter(wrong),
    wrong: "%(message)s",
    says: 'Cannot use a formatter, "%(message)s": it must be a Formatter, with format(record)',
  },
  {
    desc: "context for no function",
    make: (_, wrong) => withContext({ user: 1 }, wrong),
    wrong: new Date(0),
    says: "Cannot call an object of class Date with fields: it must be a function",
  },
  {
    desc: "a file's URL as its text",
    make: (_, wrong) => fileConfig(wrong),
    wrong: new URL("file:///app.conf"),
    says: "Cannot read INI text from an object of class URL: " +
      "give the text, as of await Deno.readTextFile()",
  },
  {
    desc: "a text that is still read",
    make: (_, wrong) => fileConfig(wrong),
    wrong: Promise.resolve("[loggers]"),
    says: "Cannot read INI text from a promise (await it): " +
      "give the text, as of await Deno.readTextFile()",
  },
  {
    desc: "a dict that is still read",
    make: (_, wrong) => dictConfig(wrong),
    wrong: Promise.resolve({ version: 1 }),
    says: "Cannot read the configuration from a promise (await it): it must be an object",
  },
  {
    desc: "JSON as a dict",
    make: (_, wrong) => dictConfig(wrong),
    wrong: '{"version": 1}',
    says: 'Cannot read the configuration from "{\\"version\\": 1}": it must be an object',
  },
];

Deno.test("what is no handler, filter, formatter or text is refused where it is given", async (t) => {
  for (const { desc, make, wrong, says } of MISTAKES) {
    await t.step(desc, () => {
      const logger = getLogger("wrong_parts");
      const { message } = assertThrows(() => make(logger, wrong as never), Error);
      assertEquals(message, says);
      assertEquals([logger.handlers, logger.filters], [[], []]);
    });
  }
});
