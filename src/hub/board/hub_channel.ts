import { nodeModule } from "../../core/runtime/node_modules.ts";

/** A way from all threads of the process to the hub. */
export class HubChannel<Message> {
  readonly #name: string;

  /** Channels of the same name are one. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Thread: tells the hub something, if there is one. */
  post(message: Message): void {
    const channel = new BroadcastChannel(this.#name);
    channel.postMessage(message);
    // An open channel would keep the main thread alive.
    channel.close();
  }

  /** Hub: takes what is told, for as long as its thread lives. */
  hear(take: (message: Message) => void): void {
    // Node's, which keeps no thread alive.
    const { BroadcastChannel } = nodeModule("node:worker_threads");
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }) => take(data as Message);
  }
}
