/** What is said of a text in the place of a stream: how a configuration names one. */
export function howToNameStream(stream: unknown): string {
  return typeof stream === "string"
    ? '; a dict names a stream by "ext://sys.stdout", a .conf by sys.stdout without quotes'
    : "";
}
