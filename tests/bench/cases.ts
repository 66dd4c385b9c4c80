import type { Case } from "./case.ts";
import { BRIDGES } from "./cases/bridges.ts";
import { BUFFERED_LINE } from "./cases/buffered_line.ts";
import { CALLER_INFO } from "./cases/caller_info.ts";
import { CHANGE_28_COMPUTING } from "./cases/change_28_computing.ts";
import { CHANGE_28_IDLE } from "./cases/change_28_idle.ts";
import { CHANGE_5_COMPUTING } from "./cases/change_5_computing.ts";
import { CHANGE_5_FIRST } from "./cases/change_5_first.ts";
import { CHANGE_5_IDLE } from "./cases/change_5_idle.ts";
import { CHILD_LINE } from "./cases/child_line.ts";
import { CONFIG_COST } from "./cases/config_cost.ts";
import { DISABLED_CALL } from "./cases/disabled_call.ts";
import { JSON_LINE } from "./cases/json_line.ts";
import { PAUSES } from "./cases/pauses.ts";
import { RECORDER } from "./cases/recorder.ts";
import { SCOPE } from "./cases/scope.ts";
import { SERVE } from "./cases/serve.ts";
import { START_UP } from "./cases/start_up.ts";
import { TAIL_DISABLED } from "./cases/tail_disabled.ts";
import { TAIL_ENABLED } from "./cases/tail_enabled.ts";
import { TEXT_LINE } from "./cases/text_line.ts";
import { THREADS } from "./cases/threads.ts";

/** All cases, in the order in which they are run and shown. */
export const CASES: readonly Case[] = [
  ...DISABLED_CALL,
  ...TEXT_LINE,
  ...JSON_LINE,
  ...BUFFERED_LINE,
  CALLER_INFO,
  ...CHILD_LINE,
  ...THREADS,
  ...SERVE,
  ...START_UP,
  ...CONFIG_COST,
  CHANGE_5_IDLE,
  CHANGE_28_IDLE,
  CHANGE_5_FIRST,
  CHANGE_5_COMPUTING,
  CHANGE_28_COMPUTING,
  ...PAUSES,
  TAIL_DISABLED,
  TAIL_ENABLED,
  ...RECORDER,
  ...BRIDGES,
  ...SCOPE,
];
