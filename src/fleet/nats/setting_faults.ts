import type { StreamInfo } from "./nats_types.ts";

/** Where the server has to repeat the writes of a bucket: from these subjects to those. */
export interface Republish {
  readonly src: string;
  readonly dest: string;
}

/**
 * What is wrong with the settings of a bucket of changes, which somebody else may have made, as by
 * `nats kv add`. No command fails by it, but changes come late, or are forgotten.
 */
export function settingFaults(
  bucket: string,
  { config }: Pick<StreamInfo, "config">,
  { src, dest }: Republish,
): string[] {
  const { republish, max_age = 0 } = config ?? {}, faults: string[] = [];
  if (republish?.src !== src || republish?.dest !== dest) {
    faults.push(
      `agents hear of no write to it, and find changes only when they read all keys, each minute ` +
        `or so: the server has to repeat ${src} as ${dest} (republish)`,
    );
  }
  if (max_age > 0) {
    faults.push(
      `it forgets changes after ${max_age / 1e9}s, also those that stay: it must have no max_age`,
    );
  }
  const way =
    `"nats kv del ${bucket}" removes it with all changes, and the next logdial fleet makes ` +
    "it as it must be";
  return faults.map((fault) => `Bucket ${bucket} was made by others, and ${fault}; ${way}`);
}
