/// <reference lib="dom" />
import type { LiveEvent, Welcome } from "../live/web_thread.ts";
import { ask, parts, Refusal } from "./api.ts";

/** How long is waited before the server is looked for again, in milliseconds. */
const AGAIN_MS = 1000;
/** The server says something at least so often; after it has said nothing for longer, it is gone. */
const SILENT_MS = 12_000;

/** The state of the connection between the page and its server. */
export type Link = "connecting" | "open" | "lost" | "refused";

/** Called with what happens. */
export interface Listener {
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onPorts: (event: LiveEvent) => void;
  readonly onLink: (link: Link, reason?: string) => void;
}

/** Follows what happens, for as long as the page is open. */
export async function follow(listener: Listener): Promise<void> {
  listener.onLink("connecting");
  for (;;) {
    try {
      await followOnce(listener);
      listener.onLink("lost");
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        return listener.onLink("refused", error.message);
      }
      listener.onLink("lost", error instanceof Refusal ? error.message : undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function followOnce({ onWelcome, onPorts, onLink }: Listener): Promise<void> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isHere = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENT_MS);
  };
  try {
    isHere();
    const response = await ask("api/events", undefined, controller.signal);
    onLink("open");
    for await (const events of parts(response, "\n\n")) {
      isHere();
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
        if (name === "welcome") onWelcome(JSON.parse(data!) as Welcome);
        else if (name === "ports") onPorts(JSON.parse(data!) as LiveEvent);
      }
    }
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
