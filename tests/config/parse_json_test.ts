import { assertEquals, assertThrows } from "@std/assert";
import { parseJson } from "../../src/config/text/parse_json.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";

const CASES: { text: string; says: RegExp; place: readonly [line: number, column: number] }[] = [
  { text: '{"a": 1,\n "b": [1,\n 2,]}', says: /the comma before it is too much/, place: [3, 4] },
  { text: '{"a": 1,\n}', says: /double-quoted.*, the comma before/, place: [2, 1] },
  { text: '// A\n{"a": 1}', says: /JSON has no comments/, place: [1, 1] },
  { text: '{"a": 1 // A\n}', says: /JSON has no comments/, place: [1, 9] },
  { text: '{\n  # A\n  "a": 1}', says: /JSON has no comments/, place: [2, 3] },
  { text: '{"a":\n True, "b": false}', says: /JSON has true, false and null/, place: [2, 2] },
  { text: '{"a": NaN}', says: /JSON has no NaN and no Infinity/, place: [1, 7] },
  { text: '{"a": [1, -Infinity]}', says: /JSON has no NaN and no Infinity/, place: [1, 12] },
  { text: "{\n 'a': 1}", says: /texts stand in double quotes/, place: [2, 2] },
  { text: '{"a": 1\n "b": 2}', says: /Expected ','/, place: [2, 2] },
  { text: '{"a" 1}', says: /Expected ':'/, place: [1, 6] },
  { text: '{"a": 01}', says: /number/, place: [1, 8] },
  { text: '{"a": "x\n"}', says: /control character/, place: [1, 9] },
  { text: '{"a": [1}', says: /Expected/, place: [1, 9] },
  { text: '{"a": 1}}', says: /Unexpected non-whitespace character after JSON \(/, place: [1, 9] },
  {
    text: '\ufeff{"a": 1}',
    says: /it starts with a byte order mark .*, save it without one/,
    place: [1, 1],
  },
  { text: '{"a": {\n', says: /Expected|end/, place: [1, 8] },
  { text: "", says: /end/, place: [1, 1] },
];

Deno.test("a mistake in JSON has its line and column, and the rule", async (t) => {
  for (const { text, says, place } of CASES) {
    await t.step(JSON.stringify(text), () => {
      const { message, line, column } = assertThrows(() => parseJson(text), ConfigError);
      assertEquals([says.test(message), line, column], [true, ...place], message);
    });
  }
});

Deno.test("what is JSON is read", () => {
  for (const value of [{}, [], { a: [1, -2.5e-3, '\u2028\n"', null, true, [[{}]]], "": 0 }]) {
    assertEquals(parseJson(JSON.stringify(value, null, 2)), value);
  }
});
