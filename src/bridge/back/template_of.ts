import type { MergedMessage } from "../../core/records/log_options.ts";

/** Texts with values between them as a message in Python's manner; there is a text more. */
export function templateOf(texts: readonly string[], values: readonly unknown[]): MergedMessage {
  if (values.length === 0) return { msg: texts.join(""), args: values };
  return { msg: escaped(texts), args: values };
}

function escaped(texts: readonly string[]): string {
  let message = "";
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at]!;
    message += (at === 0 ? "" : "%s") + (text.includes("%") ? text.replaceAll("%", "%%") : text);
  }
  return message;
}
