import { assertEquals } from "@std/assert";
import { textCodec } from "../../src/handlers/encoding/text_codec.ts";
import { askPython } from "../harness/python_oracle.ts";

const ENCODINGS = ["utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"];

const PROGRAM = `
import json

def encode(text, encoding):
    try: return list(text.encode(encoding, "surrogateescape"))
    except UnicodeEncodeError: return None

given = json.load(sys.stdin)
print(json.dumps([[encode(text, one) for text in given["texts"]] for one in given["encodings"]]))
`;

Deno.test("bytes by surrogateescape are refused where they would shift all that follows", async () => {
  const texts = ["a\udc80b", "\udcff\udcfe", "\ud800", "é"];
  const expected = await askPython(PROGRAM, { texts, encodings: ENCODINGS });
  if (expected === undefined) return;
  const encoded = ENCODINGS.map((encoding) => {
    const codec = textCodec(encoding, "surrogateescape");
    return texts.map((text) => {
      try {
        return [...codec.encode(text, false)];
      } catch (error) {
        assertEquals((error as Error).name, "UnicodeEncodeError");
        return null;
      }
    });
  });
  assertEquals(encoded, expected);
});
