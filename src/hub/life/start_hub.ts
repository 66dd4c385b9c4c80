import { uniqueId } from "../board/unique_id.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { startBackgroundThread } from "../../core/runtime/background_thread.ts";
import { filePath } from "../../core/io/file_path.ts";
import { permissionFlag } from "../../core/io/permission_flag.ts";
import type { RingRequest } from "../rings/ring_writeout.ts";
import { HubControl, REASON_AT, type WriteoutStart } from "./hub_control.ts";
import type { AttachRequest } from "../server/attach_channel.ts";
import type { HubHost } from "../server/standby_keeper.ts";
import { entriesFolder, hubEntry } from "../board/thread_entries.ts";
import type { HubData } from "./run_hub.ts";
import { countOnDemand } from "../rings/signal_listeners.ts";

/** A hub that this thread has started: it comes up, or says why it cannot. */
export interface HubStart {
  /** Memory shared with it. */
  readonly control: HubControl;
  /** Why it cannot run; undefined while it may. */
  failure(): string | undefined;
}

/**
 * Never called. That it is written here has Deno's loader fetch the hub together with the program
 * (see `thread_entries.ts`), without running it there.
 */
void (() => import("./run_hub.ts"));

/** Where all copies of the library find the id of the thread, since their hubs end together with it. */
const ID = Symbol.for("@logdial/logging thread");

let id: string | undefined;

/** Tells this thread from the others of the process, whatever their names. */
export function threadId(): string {
  return id ??= commonId(uniqueId());
}

/** The id that another copy of the library has given the thread, else `own`. */
function commonId(own: string): string {
  const globals = globalThis as { [ID]?: string };
  Reflect.defineProperty(globals, ID, { value: own });
  return globals[ID] ?? own;
}

/** Hubs that the thread has started. */
const started: HubStart[] = [];
/** The hub that may still be coming up. */
let coming: HubStart | undefined;

/** The hubs that this thread has started, the last one last. */
export function startedHubs(): readonly HubStart[] {
  return started;
}

/**
 * Starts a hub thread; one too many ends by itself. If it becomes the hub of the process, it serves
 * the thread of `attach` at once. A thread that computes says so by `isComputing`.
 *
 * Only one that the main thread has started writes out rings: it ends with the process, and
 * not before, so that the rings of threads that have ended are safe with it.
 */
export function startHub(
  rings: readonly RingRequest[] = [],
  attach?: AttachRequest,
  isComputing = false,
): HubStart {
  if (coming !== undefined && isComing(coming)) return coming;
  const writeout: WriteoutStart | undefined = currentThread().isMain
    ? { listeners: countOnDemand().buffer, rings }
    : undefined;
  const start = launch({ writeout, standsBy: false, attach, isComputing });
  started.push(start);
  if (writeout !== undefined) coming = start;
  return start;
}

/** Starts a hub thread that takes over when the hub of the process ends. */
export function startStandby(): void {
  launch({ writeout: undefined, standsBy: true, attach: undefined, isComputing: false });
}

function launch(data: Omit<HubData, "host" | "control">): HubStart {
  const control = new HubControl();
  const refusal = whyUnreadable();
  if (refusal !== undefined) return { control, failure: () => refusal };
  let crash: string | undefined;
  const host: HubHost = { threadId: threadId(), isMain: currentThread().isMain };
  const failure = { memory: control.buffer, at: REASON_AT };
  startBackgroundThread(
    {
      entry: hubEntry().href,
      run: "runHub",
      data: { ...data, host, control: control.buffer } satisfies HubData,
      failure,
    },
    { onError: (message) => crash = message },
  );
  return { control, failure: () => withWayOut(control.failure ?? crash) };
}

/** Adds the way out for a program that was bundled whole: then the hub's file is not there. */
export function withWayOut(failure: string | undefined): string | undefined {
  if (!failure?.startsWith("Module not found")) return failure;
  return `${failure.replace(/\.$/, "")}, bundle the program ${WITHOUT_LOGDIAL}`;
}

/** Bundlers compare `--external` with the import as the program's source writes it. */
const WITHOUT_LOGDIAL = 'without logdial, by --external "jsr:@logdial/*", ' +
  'or "@logdial/*" where an import map names it so';

function isComing({ control, failure }: HubStart): boolean {
  return control.isComing && failure() === undefined;
}

/**
 * Why the hub's file cannot be read; asked ahead, since the import would fail only later: Deno takes
 * a second to start a thread from a worker, for which each worker of a bundle would wait in vain.
 */
function whyUnreadable(): string | undefined {
  let entry: URL;
  try {
    entry = hubEntry();
  } catch {
    // A bundle in another format has no `import.meta.url`.
    return "the program's bundle is no ES module, and so does not know where its files are; " +
      `bundle it as one, and ${WITHOUT_LOGDIAL}`;
  }
  if (entry.protocol !== "file:") return undefined;
  const path = entriesFolder();
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") {
    // The whole program is one file, and the folder that the address leads to is somebody else's.
    if (isFirstModule(import.meta.url)) {
      return `its file is not in the program's bundle, bundle the program ${WITHOUT_LOGDIAL}`;
    }
    return `it may not be loaded, add ${permissionFlag("read", filePath(path))}`;
  }
  return isMissing(entry) ? withWayOut(`Module not found "${entry.href}"`) : undefined;
}

/** Whether it is the module with which the calling thread has begun, the main thread or a worker. */
function isFirstModule(url: string): boolean {
  const { location } = globalThis as { location?: { readonly href: string } };
  return url === Deno.mainModule || url === location?.href;
}

/** Whether there is no such file; only an import can tell in a program that was compiled. */
function isMissing(file: URL): boolean {
  if (Deno.build.standalone) return false;
  try {
    Deno.statSync(file);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
