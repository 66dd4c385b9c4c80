import { readWhere } from "../../config/spec/scope_setting.ts";
import { type Flags, readOption } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** The texts by field that `--where` gives; undefined if it is not given. */
export function whereFields({ pairs }: Flags): Record<string, string> | undefined {
  const given = pairs.get("where") ?? [];
  if (given.length === 0) return undefined;
  const twice = given.find(([path], at) => given.findIndex(([one]) => one === path) < at);
  if (twice !== undefined) throw new UsageError(`Cannot use --where "${twice[0]}" twice`);
  const fields = Object.fromEntries(given);
  readOption("--where", () => readWhere(fields));
  return fields;
}
