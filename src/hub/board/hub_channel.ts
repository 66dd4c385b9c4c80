/**
 * A way from all threads of the process to the hub.
 *
 * A thread that tells something opens a channel and closes it again, since an open one would keep the
 * main thread alive. Deno 2.9.0 counts wrong when that happens twice within a few milliseconds: then
 * it ends a program that only a server or a connection keeps alive. There the channel stays open.
 */
export class HubChannel<Message> {
  readonly #name: string;
  /** The channel that stays open. */
  #open: BroadcastChannel | undefined;

  /** Channels of the same name are one. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Thread: tells the hub something, if there is one. */
  post(message: Message): void {
    const channel = this.#open ?? new BroadcastChannel(this.#name);
    channel.postMessage(message);
    if (Deno.version.deno !== "2.9.0") channel.close();
    else if (this.#open === undefined) unref(this.#open = channel);
  }

  /** Hub: takes what is told, which keeps its thread alive, for as long as that lives. */
  hear(take: (message: Message) => void): void {
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }) => take(data as Message);
  }
}

/** Lets the thread end while the channel is open, as Deno's own `node:worker_threads` does it. */
function unref(channel: BroadcastChannel): void {
  const symbols = Object.getOwnPropertySymbols(BroadcastChannel.prototype);
  const symbol = symbols.find(({ description }) => description === "refBroadcastChannel");
  (channel as unknown as Record<symbol, (isKept: boolean) => void>)[symbol!]!(false);
}
