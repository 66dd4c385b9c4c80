import { stderr, type StdStream } from "../../core/io/std_stream.ts";
import { ringKeeper } from "./ring_keeper.ts";
import { RingWriter } from "./ring_writer.ts";

const rings = new Map<StdStream, RingWriter>();

/** The thread's ring for stdout or stderr: one each, so that lines stay in order. */
export function ringFor(stream: StdStream): RingWriter {
  const known = rings.get(stream);
  if (known !== undefined) return known;
  const ring = new RingWriter(stream, stream === stderr ? Deno.stderr : Deno.stdout);
  rings.set(stream, ring);
  ringKeeper()?.adopt(ring);
  return ring;
}
