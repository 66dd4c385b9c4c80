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

  /** Hub: takes what is told, which keeps its thread alive, for as long as that lives. */
  hear(take: (message: Message) => void): void {
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }) => take(data as Message);
  }
}
