/**
 * The longest log call while something is done that log calls wait for; says on stderr how
 * many milliseconds it took, once for each line on stdin.
 *
 * Arguments: `rotation` and a file, which is rotated at 1 MiB; or `change` and a port, on which
 * a configuration comes that turns the 1,000 loggers to another level.
 *
 * @module
 */
import {
  basicConfig,
  DEBUG,
  Formatter,
  getLogger,
  listen,
  type Logger,
  RotatingFileHandler,
} from "../../../mod.ts";
import { tell } from "../../fixtures/tell.ts";
import { answerLines } from "../answer_lines.ts";
import { longestOf, timeOf } from "./longest_call.ts";

/** More than fit into a file. */
const LINES = 20_000;

const [what, where] = Deno.args as [string, string];
const prepare = { rotation: prepareRotation, change: prepareChange }[what];
if (prepare === undefined) throw new TypeError(`Cannot measure ${what}: it is unknown`);
await answerLines(await prepare());
Deno.exit();

function prepareRotation(): () => number {
  const log = getLogger("app.db");
  const handler = new RotatingFileHandler(where, "a", 1 << 20, 5);
  handler.setFormatter(new Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"));
  log.addHandler(handler);
  log.setLevel("INFO");
  return () => longestOf(LINES, () => log.info("Got HTTP response 200."));
}

async function prepareChange(): Promise<() => number> {
  basicConfig({ level: "INFO", stream: Deno.stdout });
  const loggers = Array.from({ length: 1000 }, (_, at) => getLogger(`app.module${at}`));
  await listen(Number(where));
  tell("ready");
  return () => untilChanged(loggers);
}

/** Logs until the loggers have another level. */
function untilChanged(loggers: readonly Logger[]): number {
  const [first] = loggers, before = first!.isEnabledFor(DEBUG);
  let longest = 0, hasChanged = false;
  for (let at = 0; !hasChanged; at = (at + 1) % loggers.length) {
    const log = loggers[at]!;
    longest = Math.max(
      longest,
      timeOf(() => {
        log.info("Got HTTP response 200.");
        hasChanged = first!.isEnabledFor(DEBUG) !== before;
      }),
    );
  }
  return longest;
}
