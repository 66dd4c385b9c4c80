import { Problem } from "./problem.ts";
import type { Secret } from "./secret.ts";

/** Header that only the page's own script can send: another site's would have to ask first. */
const OWN_HEADER = "x-logdial";

/** What a request needs to be let in. */
export type Door =
  /** No secret: for the page itself. */
  | "page"
  /** The secret, and the page's own header. */
  | "api"
  /** Only the secret, as tools for Spring Boot send it. */
  | "actuator";

/**
 * Lets in requests to this very address from this very page. Any site that a user visits can make the
 * browser send requests to loopback, by any name which the site's own DNS server says is 127.0.0.1.
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #secret: Secret;

  /** Guards a server on a port of loopback. */
  constructor(port: number, secret: Secret) {
    const names = ["127.0.0.1", "localhost"];
    const plain = port === 80 ? names : [];
    this.#hosts = new Set([...names.map((name) => `${name}:${port}`), ...plain]);
    this.#origins = new Set([...this.#hosts].map((host) => `http://${host}`));
    this.#secret = secret;
  }

  /**
   * Checks a request.
   *
   * @throws {Problem} It is refused.
   */
  check(request: Request, door: Door): void {
    const { headers } = request;
    this.#checkHost(request);
    const origin = headers.get("origin");
    if (origin !== null && !this.#origins.has(origin)) {
      throw new Problem(403, `Cannot answer a page of "${origin}": only logdial's own may ask`);
    }
    if (!comesFromHere(headers, door)) {
      throw new Problem(403, "Cannot answer another site: only logdial's own page may ask");
    }
    if (door === "page") return;
    if (!this.#secret.isIn(headers.get("authorization"))) {
      throw new Problem(
        401,
        "Cannot answer without the token: open the address that logdial web has printed",
        { "www-authenticate": 'Bearer realm="logdial"' },
      );
    }
    if (door === "api" && headers.get(OWN_HEADER) !== "1") {
      throw new Problem(403, `Cannot answer without the header "${OWN_HEADER}: 1"`);
    }
  }

  /** A request may name its host in its first line as well. */
  #checkHost(request: Request): void {
    const host = request.headers.get("host");
    const url = URL.parse(request.url);
    const named = url?.host ?? "";
    const isNamed = this.#hosts.has(named) || this.#hosts.has(`${named}:80`);
    if (host !== null && this.#hosts.has(host) && isNamed && url?.protocol === "http:") return;
    const own = [...this.#origins][0];
    if (host === null) throw new Problem(403, `Cannot answer without a host: this is ${own}`);
    const other = this.#hosts.has(host) ? url?.origin ?? request.url : host;
    throw new Problem(403, `Cannot answer as "${other}": this is ${own}`);
  }
}

/** Whether a request comes from this page, by what browsers tell; other programs tell nothing. */
function comesFromHere(headers: Headers, door: Door): boolean {
  const site = headers.get("sec-fetch-site");
  if (site === null || site === "same-origin") return true;
  if (door !== "page") return false;
  // The address was typed, or comes from a bookmark or a link: for a window, and not inside a page.
  return site === "none" ||
    headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
}
