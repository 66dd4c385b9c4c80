import { PROJECT, usesStandIns } from "./project.ts";

/** What a registry would have, and the stand-ins of `@std` where they are in use. */
const SERVED = /^\/(?:mod\.ts|src\/.+\.ts|deps\/\w+\.ts)$/;

/** Serves the package over HTTP from loopback, as a registry does over HTTPS. */
export class PackageServer implements AsyncDisposable {
  /** Paths that were asked for. */
  readonly requested: Set<string> = new Set();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** The URL of a module. */
  url(path: string): string {
    return `http://${this.host}/${path}`;
  }

  /** Import map with the targets that `@std` has in this process, none of them a file. */
  importMap(): string {
    const config = usesStandIns() ? "deps/npm.json" : "deno.json";
    const text = Deno.readTextFileSync(new URL(config, PROJECT));
    const { imports } = JSON.parse(text) as { imports: Record<string, string> };
    const targets = Object.entries(imports).flatMap(([name, target]) => {
      if (target.startsWith("./")) return [[name, this.url(`deps/${target.slice(2)}`)]];
      return target.startsWith("jsr:")
        ? [[name, target], [`${name}/`, target.replace("jsr:", "jsr:/") + "/"]]
        : [[name, target]];
    });
    return JSON.stringify({ imports: Object.fromEntries(targets) });
  }

  /** Stops serving. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.requested.add(pathname);
    if (!SERVED.test(pathname)) return new Response("Not found", { status: 404 });
    const text = await Deno.readTextFile(new URL(pathname.slice(1), PROJECT));
    return new Response(text, { headers: { "content-type": "application/typescript" } });
  }
}
