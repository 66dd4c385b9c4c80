/** A mail that a server has taken. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, head and body. */
  readonly text: string;
  /** Who has logged in, undefined for nobody. */
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
  /** Which connection it came over, counted from 1. */
  readonly connection: number;
}

interface Session {
  readonly envelope: {
    readonly mailFrom: { readonly address: string };
    readonly rcptTo: readonly { readonly address: string }[];
  };
  readonly user?: string;
  readonly secure: boolean;
  readonly id: string;
}

type Done = (error: Error | null, answer?: { user: string }) => void;

interface Server {
  listen(port: number, host: string, done: () => void): void;
  close(done: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  readonly server: { address(): { port: number } };
}

/** A real mail server on loopback, npm's, that collects mails. */
export class MailServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  readonly #server: Server;
  readonly #connections: string[] = [];

  private constructor(make: (options: unknown) => Server, options: object) {
    this.#server = make({
      authOptional: true,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      logger: false,
      onAuth: (auth: { username: string; password: string }, _session: Session, done: Done) =>
        auth.password === "secret"
          ? done(null, { user: auth.username })
          : done(new Error("no such user")),
      onData: async (stream: AsyncIterable<Uint8Array>, session: Session, done: Done) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of stream) pieces.push(piece);
        const text = await new Blob(pieces as Uint8Array<ArrayBuffer>[]).text();
        if (!this.#connections.includes(session.id)) this.#connections.push(session.id);
        this.mails.push({
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          text,
          user: session.user,
          isEncrypted: session.secure,
          connection: this.#connections.indexOf(session.id) + 1,
        });
        done(null);
      },
      ...options,
    });
    // Such as a client that hangs up in the middle.
    this.#server.on("error", () => {});
  }

  /** Starts one; `options` are those of npm's `smtp-server`. */
  static async start(options: object = {}): Promise<MailServer> {
    const specifier = "npm:smtp-server@3.16.1";
    const { SMTPServer } = await import(specifier) as {
      SMTPServer: new (options: unknown) => Server;
    };
    const server = new MailServer((all) => new SMTPServer(all), options);
    await new Promise<void>((done) => server.#server.listen(0, "127.0.0.1", done));
    return server;
  }

  get port(): number {
    return this.#server.server.address().port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((done) => this.#server.close(done));
  }
}
