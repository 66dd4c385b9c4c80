/**
 * A server that answers "ok" and logs a line for each request; says on stderr at which port.
 *
 * Arguments: as those of `calls/program.ts`.
 *
 * @module
 */
import { tell } from "../../fixtures/tell.ts";
import { loadPeer } from "../calls/load_peer.ts";

const { makeCalls } = await loadPeer();
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => tell(port),
}, () => {
  makeCalls(1);
  return new Response("ok");
});
