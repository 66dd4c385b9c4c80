/** The part of npm's `@nats-io/transport-node` that is used here. */
export interface NatsModule {
  connect(options: Readonly<Record<string, unknown>>): Promise<NatsConnection>;
  jwtAuthenticator(jwt: string, seed: Uint8Array): unknown;
  nkeyAuthenticator(seed: Uint8Array): unknown;
}

/** A connection to a server, or to one of a cluster. */
export interface NatsConnection {
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: { readonly subject: string }) => void },
  ): { unsubscribe(): void };
  status(): AsyncIterable<{ readonly type: string; readonly error?: Error }>;
  readonly info?: { readonly cluster?: string; readonly max_payload?: number };
  close(): Promise<void>;
  stats(): Readonly<Record<"inMsgs" | "outMsgs" | "inBytes" | "outBytes", number>>;
}

/** The part of npm's `@nats-io/kv` that is used here. */
export interface KvModule {
  readonly Kvm: new (connection: NatsConnection) => KvManager;
}

interface KvManager {
  create(bucket: string, options: Readonly<Record<string, unknown>>): Promise<Bucket>;
  open(bucket: string, options?: Readonly<Record<string, unknown>>): Promise<Bucket>;
}

/** A bucket of keys. */
export interface Bucket {
  get(key: string): Promise<BucketEntry | null>;
  put(key: string, value: string): Promise<number>;
  create(key: string, value: string): Promise<number>;
  update(key: string, value: string, revision: number): Promise<number>;
  purge(key: string, options?: { previousSeq?: number }): Promise<void>;
  history(options?: { key?: string }): Promise<BucketWatch>;
  watch(options?: { key?: string }): Promise<BucketWatch>;
  status(): Promise<{ readonly streamInfo: StreamInfo }>;
}

/** What the server tells of the stream behind a bucket. */
export interface StreamInfo {
  /** Its settings; times are in nanoseconds. */
  readonly config?: {
    readonly republish?: { readonly src: string; readonly dest: string };
    readonly max_age?: number;
  };
  readonly created: string;
  /** When the server told this, by its clock; servers before 2.10 leave it out. */
  readonly ts?: string;
  /** Its newest revision, which may be deleted by now, and how many revisions it has. */
  readonly state: { readonly last_seq: number; readonly messages: number };
}

/** The entries of a bucket: first those that are there, then those that are written. */
export interface BucketWatch extends AsyncIterable<BucketEntry> {
  stop(): void;
  /** The server's side of the watch. */
  readonly _data?: { delete(): Promise<unknown> };
}

/** A revision of a key. */
export interface BucketEntry {
  readonly key: string;
  readonly revision: number;
  readonly created: Date;
  readonly operation: "PUT" | "DEL" | "PURGE";
  json(): unknown;
}
