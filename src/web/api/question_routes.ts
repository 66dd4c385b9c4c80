import { check, get, history } from "../../client/commands.ts";
import { why } from "../../client/loggers.ts";
import type { Delivery } from "../../client/request.ts";
import { NoTargetError, type Targets } from "../../client/targets.ts";
import type { Finding } from "../../config/check/finding.ts";
import { fields, type Read, text } from "../../wire/shape.ts";
import { answerJson } from "../http/answers.ts";
import { type ApiContext, readRequest, type Route } from "./api_context.ts";
import { readScope, type Scope, targetsOf } from "./scope.ts";

interface Asked {
  readonly scope: Scope;
}

const readAsked = fields<Asked>({ scope: readScope });
const readWhy = fields<Asked & { logger: string; level: string }>({
  scope: readScope,
  logger: text(1000),
  level: text(200),
});
const readConfig = fields<Asked & { text: string }>({ scope: readScope, text: text(Infinity) });

/** The requests that ask threads something and change nothing, by name. */
export const QUESTION_ROUTES: Readonly<Record<string, Route>> = {
  get: question(readAsked, async (_, targets) => ({ threads: await get(targets) })),
  history: question(readAsked, async (_, targets) => ({ threads: await history(targets) })),
  why: question(readWhy, async ({ logger, level }, targets) => ({
    threads: await why(logger, level, targets),
  })),
  check: question(readConfig, async ({ text }, targets) => await checkConfig(text, targets)),
};

function question<T extends Asked>(
  read: Read<T>,
  run: (asked: T, targets: Targets) => Promise<object>,
): Route {
  return {
    changes: false,
    async run(body: unknown, { targets }: ApiContext): Promise<Response> {
      const asked = readRequest(read, body);
      return answerJson(await run(asked, targetsOf(asked.scope, targets)));
    },
  };
}

/** The findings in a configuration, and what it would change if there is no error. */
async function checkConfig(
  text: string,
  targets: Targets,
): Promise<{ findings: readonly Finding[]; threads: readonly Delivery[] }> {
  // Imported only here, since it needs all classes that a configuration may name.
  const { explainConfig } = await import("../../config/check/explain_config.ts");
  const findings = explainConfig(text, {}, text, { isSent: true });
  const isBad = findings.some(({ severity, isForProgram }) =>
    severity === "error" && isForProgram !== true
  );
  return { findings, threads: isBad ? [] : await checkIfAnybody(text, targets) };
}

/** Asks what a configuration would change; if nobody listens, its findings are told all the same. */
async function checkIfAnybody(text: string, targets: Targets): Promise<readonly Delivery[]> {
  try {
    return await check(text, targets);
  } catch (error) {
    if (error instanceof NoTargetError) return [];
    throw error;
  }
}
