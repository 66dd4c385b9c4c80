import { writeDiagnostic } from "../core/io/diagnostics.ts";
import type { Dial } from "../core/loggers/dial.ts";

/**
 * Tells that a logger is turned by nothing but the level that its library offers to everybody: its
 * inside is not as the bridge knows it.
 */
export function tellPublicLevel(kind: string, name: string): void {
  writeDiagnostic(
    `logdial: cannot look into this version of ${kind}: the level of "${name}" is set once its ` +
      "thread yields, and scopes, budgets, tail and the recorder do not know it\n",
  );
}

/** The level that a library offers to everybody. */
export interface PublicLevel<Level> {
  /** As it is. */
  read(): Level;
  /** Sets it. */
  write(level: Level): void;
  /** The library's word for a level number of the dial. */
  wordFor(levelno: number): Level;
}

/** Sets such a level when its dial's has changed, and knows what the program has set since. */
export class LevelFollower<Level> {
  readonly #dial: Dial;
  readonly #place: PublicLevel<Level>;
  /** What the program has given the library last. */
  #given: Level;
  #written: Level;
  #levelno = NaN;

  /** Sets it for the first time. */
  constructor(dial: Dial, place: PublicLevel<Level>) {
    this.#dial = dial;
    this.#place = place;
    this.#given = this.#written = place.read();
    this.follow();
  }

  /** Sets the level, unless the dial's is as before: it would take back what the program has set. */
  follow(): void {
    const { level } = this.#dial;
    if (level === this.#levelno) return;
    this.#levelno = level;
    this.#note();
    this.#place.write(this.#place.wordFor(level));
    this.#written = this.#place.read();
  }

  /** Gives the library the level back that the program has given it last. */
  undo(): void {
    this.#note();
    if (this.#place.read() !== this.#given) this.#place.write(this.#given);
  }

  #note(): void {
    const level = this.#place.read();
    if (level !== this.#written) this.#given = this.#written = level;
  }
}

/**
 * Has a library's level set whenever that of the dial has changed, and now; the function that is
 * given back ends that, and leaves the level that the program has given last.
 */
export function followLevel<Level>(dial: Dial, place: PublicLevel<Level>): () => void {
  const follower = new LevelFollower(dial, place);
  const leave = dial.follow(() => follower.follow());
  return () => {
    leave();
    dial.close();
    follower.undo();
  };
}
