import { assertEquals } from "@std/assert";

const TYPE = "application/vnd.spring-boot.actuator.v3+json";

/** What the documentation of the endpoint says of a logger. */
export interface LoggerLevels {
  readonly configuredLevel?: string;
  readonly effectiveLevel: string;
}

/** And of a group. */
export interface GroupLevels {
  readonly configuredLevel?: string;
  readonly members: readonly string[];
}

/** And of all. */
export interface AllLevels {
  readonly levels: readonly string[];
  readonly loggers: Readonly<Record<string, LoggerLevels>>;
  readonly groups: Readonly<Record<string, GroupLevels>>;
}

/**
 * A client as the documentation of Spring Boot's endpoint `loggers` has one written: it begins at
 * the links of the actuator, and knows no header but the bearer.
 */
export class ActuatorClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Retrieving all loggers. */
  async all(): Promise<AllLevels> {
    const links = await this.#read<{ _links: Record<string, { href: string }> }>(this.#url);
    return await this.#read<AllLevels>(links._links.loggers!.href);
  }

  /** Retrieving a single logger, or a group. */
  async one<T extends LoggerLevels | GroupLevels>(name: string): Promise<T> {
    return await this.#read<T>(`${this.#url}/loggers/${encodeURIComponent(name)}`);
  }

  /** What asking for one is answered with. */
  async statusOf(name: string): Promise<number> {
    const response = await this.#fetch(`${this.#url}/loggers/${encodeURIComponent(name)}`);
    await response.body?.cancel();
    return response.status;
  }

  /** Setting a level, or clearing it; what it is answered with. */
  async set(name: string, body: object, type = "application/json"): Promise<number> {
    const response = await this.#fetch(`${this.#url}/loggers/${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "content-type": type },
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    return response.status;
  }

  async #read<T>(url: string): Promise<T> {
    const response = await this.#fetch(url);
    assertEquals(response.status, 200, url);
    assertEquals(response.headers.get("content-type"), TYPE);
    return await response.json() as T;
  }

  async #fetch(url: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const all = new Headers(headers);
    all.set("authorization", `Bearer ${this.#token}`);
    all.set("accept", TYPE);
    return await fetch(url, { ...init, headers: all });
  }
}
