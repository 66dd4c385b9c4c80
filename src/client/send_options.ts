import type { Targets } from "./targets.ts";

/** Options of `send`. */
export interface SendOptions extends Targets {
  /** What the listeners call the configuration in `status` and their audit. */
  label?: string;
  /** After how long it is taken back, such as `10m`; the listener may cap it. @default never */
  for?: string;
  /** Whether to go beyond what the listener's policy would cap; false to ask for the cap. @default none */
  forever?: boolean;
  /** Whether all threads must take it, or none does. @default false */
  atomic?: boolean;
  /** Longest wait for threads that compute, in milliseconds. @default 0 */
  wait?: number;
}
