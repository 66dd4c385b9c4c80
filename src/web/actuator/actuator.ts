import { set } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import type { Targets } from "../../client/targets.ts";
import { answer, answerJson } from "../http/answers.ts";
import { Problem } from "../http/problem.ts";
import { readJson } from "../http/read_body.ts";
import { askForLoggers, SPRING_ROOT } from "./known_loggers.ts";
import { levelOfSpring, SPRING_LEVELS } from "./spring_levels.ts";

/** Type of the answers, as Spring Boot 3 and 4 have it. */
const TYPE = { "content-type": "application/vnd.spring-boot.actuator.v3+json" };

/** Options of an actuator. */
export interface ActuatorOptions {
  /** Where threads are looked for. */
  readonly targets: Targets;
  /** Whether it refuses all changes. */
  readonly readOnly: boolean;
  /** Who changes something, as far as it is known. */
  readonly by: string | undefined;
  /** Told when something has been changed. */
  readonly onChange: () => void;
}

/**
 * Speaks as the `loggers` endpoint of Spring Boot's actuator does, for tools that know that. A
 * program is a group, whose members are its loggers: its level is set in that program only.
 */
export class Actuator {
  readonly #options: ActuatorOptions;

  /** Serves the loggers of the threads that `targets` means. */
  constructor(options: ActuatorOptions) {
    this.#options = options;
  }

  /**
   * Answers a request that has been let in.
   *
   * @throws {Problem} There is no such logger or address, or it cannot be done.
   */
  async answer(request: Request, pathname: string): Promise<Response> {
    if (pathname === "/actuator") {
      allow(request);
      return answerJson(links(new URL(request.url).origin), 200, TYPE);
    }
    if (pathname === "/actuator/loggers") {
      allow(request);
      const known = await askForLoggers(this.#options.targets);
      return answerJson({ levels: SPRING_LEVELS, ...known }, 200, TYPE);
    }
    const [, encoded] = /^\/actuator\/loggers\/(.+)$/.exec(pathname) ?? [];
    if (encoded === undefined) {
      throw new Problem(404, `Cannot find "${pathname}": the actuator has only /loggers`);
    }
    const name = decode(encoded);
    allow(request, "POST");
    return request.method === "POST"
      ? await this.#configure(name, await readLevel(request))
      : await this.#tell(name);
  }

  /** Tells of a logger; it comes before a group of the same name, as in Spring Boot. */
  async #tell(name: string): Promise<Response> {
    const { loggers, groups } = await askForLoggers(this.#options.targets);
    // A program may be called root, too.
    const key = name === "root" && !Object.hasOwn(groups, name) ? SPRING_ROOT : name;
    const [one] = [loggers, groups].flatMap((all: Readonly<Record<string, object>>) =>
      Object.hasOwn(all, key) ? [all[key]] : []
    );
    if (one === undefined) throw new Problem(404, `Cannot find logger "${name}"`);
    return answerJson(one, 200, TYPE);
  }

  async #configure(name: string, level: string | number | null): Promise<Response> {
    const { targets, readOnly, by, onChange } = this.#options;
    if (readOnly) {
      throw new Problem(403, "Cannot set a level: this server was started with --read-only");
    }
    const { groups } = await askForLoggers(targets);
    // When a level is set, a group comes before a logger of the same name, as in Spring Boot.
    const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
    const members = group?.members ?? [name];
    const isOfRoot = members.includes(SPRING_ROOT) || members.includes("root");
    if (level === null && isOfRoot && group === undefined) {
      throw new Problem(
        400,
        "Cannot clear the level of ROOT: no logger is above it to take one from",
      );
    }
    const cleared = level === null ? members.filter((one) => one !== SPRING_ROOT) : members;
    const levels = Object.fromEntries(
      cleared.map((one) => [one === SPRING_ROOT ? "root" : one, level ?? "NOTSET"]),
    );
    if (Object.keys(levels).length === 0) return answer(null, 204);
    const program = group === undefined ? {} : { app: name };
    try {
      return statusOf(await set(levels, { ...targets, ...program, by }));
    } finally {
      onChange();
    }
  }
}

/** The answer to a change: 204 says that it is done, so it is given only if all threads have it. */
function statusOf(deliveries: readonly Delivery[]): Response {
  const meant = deliveries.filter(({ kind, unable }) => kind !== "foreign" && unable !== true);
  const without = meant.filter(({ outcome }) => outcome !== "applied" && outcome !== "unchanged");
  if (meant.length === 0) throw new Problem(503, "Cannot set the level: nobody listens");
  if (without.length === 0) return answer(null, 204);
  const reasons = Map.groupBy(without, ({ outcome, error }) => error?.message ?? outcome);
  const told = [...reasons].map(([reason, threads]) =>
    `${threads.map(describeThread).join(", ")}: ${reason}`
  ).join("; ");
  const isRefused = without.some(({ outcome }) => outcome === "rejected" || outcome === "skipped");
  if (isRefused) throw new Problem(502, `Cannot set the level everywhere: ${told}`);
  return answerJson({ message: `The level is not set everywhere yet: ${told}` }, 202);
}

function describeThread({ port, via, name }: Delivery): string {
  return `${name ?? "CPython's listener"} on port ${via ?? port}`;
}

/**
 * The level in a request; `null` to clear it, which also is the meaning of no level.
 *
 * @throws {Problem} It is no level.
 */
async function readLevel(request: Request): Promise<string | number | null> {
  const body = await readJson(
    request,
    (type) =>
      type === "application/json" ||
      /^application\/vnd\.spring-boot\.actuator\.v[23]\+json$/.test(type),
  );
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  if (!isObject) throw new Problem(400, 'Cannot set a level: send {"configuredLevel": "DEBUG"}');
  const { configuredLevel = null } = body as { configuredLevel?: unknown };
  if (configuredLevel === null) return null;
  const level = typeof configuredLevel === "string" ? levelOfSpring(configuredLevel) : undefined;
  if (level !== undefined) return level;
  throw new Problem(
    400,
    `Cannot set level ${JSON.stringify(configuredLevel)}: known are ${SPRING_LEVELS.join(", ")}`,
  );
}

function links(origin: string): object {
  const self = `${origin}/actuator`;
  return {
    _links: {
      self: { href: self, templated: false },
      loggers: { href: `${self}/loggers`, templated: false },
      "loggers-name": { href: `${self}/loggers/{name}`, templated: true },
    },
  };
}

/** Refuses other methods; whatever can be read by GET can be asked for by HEAD. */
function allow({ method }: Request, ...others: readonly string[]): void {
  const methods = ["GET", "HEAD", ...others];
  if (methods.includes(method)) return;
  throw new Problem(405, `Cannot ${method} this address: use ${methods.join(" or ")}`, {
    allow: methods.join(", "),
  });
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A `%` in the name is no escape.
    throw new Problem(
      400,
      `Cannot read the name "${name}": a % in it begins no escape such as %20`,
    );
  }
}
