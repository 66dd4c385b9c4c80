/** What is logged; a process logs nothing else. */
export type Scenario =
  | "disabled"
  | "disabled-2-args"
  | "disabled-64-loggers"
  | "disabled-bound"
  | "text"
  | "json"
  | "caller"
  | "child"
  | "json-bound"
  | "json-context"
  | "json-redacted"
  | "buffered-text"
  | "buffered-json";

/**
 * What a module in `peers/` exports: a function for each scenario that it takes part in, which
 * logs once; `at` counts the calls. Loggers are constants of the module, as in a program.
 */
export interface Peer {
  readonly calls: Readonly<Partial<Record<Scenario, (at: number) => void>>>;
  /** Makes the calls of a round by calling the function, with whatever is to be around them. */
  readonly around?: (calls: () => void) => void;
  /** Resolves when all is written; for scenarios that do not write before a call returns. */
  readonly flush?: () => Promise<void>;
}

const [peer, scenario, path] = Deno.args as [string, Scenario, string | undefined];

/** Module in `peers/` that this process is to load. */
export const PEER: string = peer;

/** What this process is to log. */
export const SCENARIO: Scenario = scenario;

/** Whether lines are of JSON, or else of text. */
export const isJson: boolean = /^(json|child|buffered-json)/.test(scenario);

/** Whether a call may return before its line is written. */
export const isBuffered: boolean = scenario.startsWith("buffered");

/** File to write to; without one or with an empty one, stdout leads to the sink. */
export const PATH: string | undefined = path || undefined;

/** Bound by a child or the like. */
export const BOUND = { request: "c0ffee", user: "kim", tenant: 7 };

/** Around the calls, as that of a request. */
export const AROUND = { trace: "4bf92f3577b34da6", route: "/api/users" };

/** Has three fields that are redacted. */
export const SECRETS = {
  method: "POST",
  user: { name: "kim", password: "hunter2" },
  headers: { authorization: "Bearer abc", accept: "*/*" },
  token: "abc",
  status: 200,
};

/** Paths of them. */
export const SECRET_PATHS = ["user.password", "headers.authorization", "token"];

/** Name of the logger. */
export const NAME = "app.db";

/**
 * Names of more loggers, a power of two of them; none in other scenarios, since V8 treats a
 * logger of pino's differently once it has children.
 */
export const LOGGERS: readonly string[] = Array.from(
  { length: SCENARIO === "disabled-64-loggers" ? 64 : 0 },
  (_, at) => `app.module${at}`,
);
