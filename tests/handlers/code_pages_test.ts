import { assertEquals } from "@std/assert";
import { codePageOf } from "../../src/handlers/encoding/code_pages.ts";
import { askPython } from "../harness/python_oracle.ts";

/** By the keys of {@linkcode codePageOf}, and by Python's names. */
const PAGES: readonly (readonly [key: string, name: string])[] = [
  ...Array.from({ length: 9 }, (_, at): [string, string] => [`cp125${at}`, `cp125${at}`]),
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part): [string, string] => {
    return [`iso8859${part}`, `iso8859_${part}`];
  }),
  ["cp866", "cp866"],
  ["koi8r", "koi8_r"],
  ["koi8u", "koi8_u"],
];

const PROGRAM = `
import json

def page(name):
    found = []
    for byte in range(256):
        try: found.append([ord(bytes([byte]).decode(name)), byte])
        except UnicodeDecodeError: pass
    return sorted(found)

print(json.dumps([page(name) for name in json.load(sys.stdin)]))
`;

Deno.test("code pages have the characters that they have in CPython", async () => {
  const expected = await askPython(PROGRAM, PAGES.map(([, name]) => name));
  if (expected === undefined) return;
  const pages = PAGES.map(([key]) => [...codePageOf(key)!].sort(([one], [other]) => one - other));
  assertEquals(pages, expected);
});
