import { type CallKind, type Mode, prepare } from "./calls.ts";

const main = self as unknown as Worker;
let call: ReturnType<typeof prepare>;
main.onmessage = ({ data }: MessageEvent<Mode | { kind: CallKind; calls: number }>) => {
  if (typeof data === "string") call = prepare(data);
  else call(data.kind, data.calls);
  main.postMessage("done");
};
