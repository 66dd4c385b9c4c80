import { packedProgram } from "./packed_program.ts";
import { packageMap, PACKED_FILES } from "./package_map.ts";
import { PROJECT } from "./project.ts";

/** The files that a registry would have, and the stand-ins of `@std` where they are in use. */
const SERVED = /^(?:mod\.ts|src\/.+\.ts|deps\/\w+\.ts|[\w-]+\.js)$/;

/** Serves the package over HTTP from loopback, as a registry does over HTTPS. */
export class PackageServer implements AsyncDisposable {
  /** Paths in the package that programs have asked for. */
  readonly requested: Set<string> = new Set();
  /**
   * A folder that no server had before: Deno keeps what it fetched for ever, and a port that the
   * system chooses comes again, so that a program could get the files of an earlier package.
   */
  readonly #folder = `/${crypto.randomUUID()}/`;
  readonly #isPacked: boolean;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Serves what programs under test import: the sources, or the package in `dist`. */
  constructor(isPacked: boolean = packedProgram() !== undefined) {
    this.#isPacked = isPacked;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Serves the package in `dist`. */
  static ofPackage(): PackageServer {
    return new PackageServer(true);
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** Path of the file in which the hub starts. */
  get hubPath(): string {
    return this.#isPacked ? "logdial_hub.js" : "src/hub/life/run_hub.ts";
  }

  /** The URL of a file. */
  url(path: string): string {
    return `http://${this.host}${this.#folder}${path}`;
  }

  /** The URLs of the entries, by the paths of their sources. */
  entries(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(PACKED_FILES).map((
        [source, file],
      ) => [source, this.url(this.#isPacked ? file : source)]),
    );
  }

  /**
   * Import map with the targets that `@std` has in this process, none of them a file, and with
   * these entries in the place of their sources.
   */
  importMap(entries: Readonly<Record<string, string>> = {}): string {
    return packageMap(this.url("deps/"), entries);
  }

  /** Stops serving. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const path = pathname.startsWith(this.#folder) ? pathname.slice(this.#folder.length) : "";
    this.requested.add(path);
    if (!SERVED.test(path)) return new Response("Not found", { status: 404 });
    const isScript = path.endsWith(".js");
    const folder = isScript ? new URL("dist/", PROJECT) : PROJECT;
    const text = await Deno.readTextFile(new URL(path, folder));
    const type = isScript ? "text/javascript" : "application/typescript";
    return new Response(text, { headers: { "content-type": type } });
  }
}
