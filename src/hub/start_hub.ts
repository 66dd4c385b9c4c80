import { Worker as NodeWorker } from "node:worker_threads";

/** Held by the hub of the process for as long as it lives. */
export const HUB_LOCK = "logdial.hub.1";
/** Channel on which threads ask the hub to serve them. */
export const ATTACH_CHANNEL = "logdial.attach.1";

/**
 * Starts a hub thread; `onFailure` hears if it cannot run. A second one ends by itself.
 *
 * The thread is one of `node:worker_threads`, since only that can be unreferenced: a
 * program that only logs must end by itself. It takes no `https:` URL, which is what an
 * import from a registry has, hence the `data:` module around it.
 */
export function startHub(onFailure: (error: unknown) => void): void {
  const entry = new URL("../../workers/hub.ts", import.meta.url).href;
  const source = `import ${JSON.stringify(entry)};`;
  const worker = new NodeWorker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  worker.on("error", onFailure);
  worker.unref();
}
