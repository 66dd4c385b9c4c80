import { loadPeer } from "../calls/load_peer.ts";

const main = self as unknown as Worker;
const { makeCalls, flush } = await loadPeer();
main.onmessage = async ({ data }: MessageEvent<number>) => {
  makeCalls(data);
  await flush();
  main.postMessage("done");
};
main.postMessage("ready");
