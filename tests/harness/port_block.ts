/** Below the ports that the system gives to outgoing connections. */
const FIRST_BLOCK = 15_000, LAST_BLOCK = 32_000;
const BLOCK_SIZE = 32;

/**
 * Consecutive free ports for one test. The test listens on the port in front of them for
 * as long as it uses them, so that tests in other threads and processes pick others.
 */
export class PortBlock implements Disposable {
  /** First port to use. */
  readonly first: number;
  /** Last port to use. */
  readonly last: number;
  readonly #guard: Deno.TcpListener;

  private constructor(guard: Deno.TcpListener, count: number) {
    this.#guard = guard;
    this.first = guard.addr.port + 1;
    this.last = guard.addr.port + count;
  }

  /** Claims up to 31 ports. */
  static claim(count = 8): PortBlock {
    if (count >= BLOCK_SIZE) throw new RangeError(`Cannot claim ${count} ports: at most 31`);
    const blocks = Math.floor((LAST_BLOCK - FIRST_BLOCK) / BLOCK_SIZE);
    const start = Math.floor(Math.random() * blocks);
    for (let tried = 0; tried < blocks; tried++) {
      const guardPort = FIRST_BLOCK + ((start + tried) % blocks) * BLOCK_SIZE;
      const guard = listenIfFree(guardPort);
      if (guard === undefined) continue;
      if (areFree(guardPort + 1, count)) return new PortBlock(guard, count);
      guard.close();
    }
    throw new Error(`Cannot find ${count} consecutive free ports`);
  }

  /** The ports as `LOGDIAL_PORTS` and `--ports` take them. */
  get text(): string {
    return `${this.first}-${this.last}`;
  }

  /** The ports as `listen` takes them. */
  get range(): [number, number] {
    return [this.first, this.last];
  }

  /** All of them. */
  get all(): number[] {
    return Array.from({ length: this.last - this.first + 1 }, (_, index) => this.first + index);
  }

  /** Leaves them to other tests. */
  [Symbol.dispose](): void {
    this.#guard.close();
  }
}

function areFree(first: number, count: number): boolean {
  for (let port = first; port < first + count; port++) {
    const listener = listenIfFree(port);
    if (listener === undefined) return false;
    listener.close();
  }
  return true;
}

function listenIfFree(port: number): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
