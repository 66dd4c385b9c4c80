import { answer } from "../http/answers.ts";
import { Problem } from "../http/problem.ts";
import { loadScripts, PLAIN_FILES } from "./page_files.ts";

/** A file of the page, as it travels. */
interface PageFile {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
}

/** Serves the files of the page: there is nothing secret in them. */
export class PageServer {
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
  }

  /** Makes the files ready. */
  static async load(): Promise<PageServer> {
    const texts = Object.entries({ ...PLAIN_FILES, ...await loadScripts() });
    const files = texts.map(async ([address, text]): Promise<[string, PageFile]> => {
      const plain = new TextEncoder().encode(text);
      return [address, { type: typeOf(address), plain, zipped: await zip(plain) }];
    });
    return new PageServer(new Map(await Promise.all(files)));
  }

  /** Bytes of the whole page, as they travel. */
  get bytes(): number {
    return [...this.#files.values()].reduce((sum, { zipped }) => sum + zipped.length, 0);
  }

  /** Whether there is such a file. */
  has(address: string): boolean {
    return this.#files.has(address);
  }

  /**
   * A file.
   *
   * @throws {Problem} Something else than reading is asked of it.
   */
  serve(request: Request, address: string): Response {
    const file = this.#files.get(address)!;
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new Problem(405, `Cannot ${request.method} the page`, { allow: "GET, HEAD" });
    }
    const takesZip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
    // For a HEAD request the server sends the length only.
    return answer(takesZip ? file.zipped : file.plain, 200, {
      "content-type": file.type,
      "vary": "accept-encoding",
      ...takesZip ? { "content-encoding": "gzip" } : {},
    });
  }
}

function typeOf(address: string): string {
  if (address.endsWith(".ts")) return "text/javascript; charset=utf-8";
  if (address.endsWith(".css")) return "text/css; charset=utf-8";
  return address.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8";
}

async function zip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}
