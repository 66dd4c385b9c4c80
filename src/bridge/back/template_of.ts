import type { MergedMessage } from "../../core/records/log_options.ts";

/** Texts with values between them as a message in Python's manner; there is a text more. */
export function templateOf(texts: readonly string[], values: readonly unknown[]): MergedMessage {
  if (values.length === 0) return { msg: texts.join(""), args: values };
  return { msg: texts.map((text) => text.replaceAll("%", "%%")).join("%s"), args: values };
}
