import { PEER, type Peer, SCENARIO } from "./peer.ts";

/** Makes that many calls; resolves when all is written. */
export interface LoadedPeer {
  makeCalls(count: number): void;
  flush(): Promise<void>;
}

/** Loads the peer that the arguments of the process name. */
export async function loadPeer(): Promise<LoadedPeer> {
  const { calls, around = (all) => all(), flush } = await import(`./peers/${PEER}.ts`) as Peer;
  const call = calls[SCENARIO];
  if (call === undefined) {
    throw new TypeError(`Cannot measure ${SCENARIO}: ${PEER} has no call for it`);
  }
  return {
    makeCalls: (count) => around(() => repeat(call, count)),
    flush: flush ?? (() => Promise.resolve()),
  };
}

/** The one call site for all peers; in each process it only ever sees one function. */
function repeat(call: (at: number) => void, count: number): void {
  for (let at = 0; at < count; at++) call(at);
}
