import { writeDiagnostic } from "../core/io/diagnostics.ts";
import type { Dial } from "../core/loggers/dial.ts";

/**
 * Tells that a logger is turned only by the public level of its library, since the library's inside is
 * not as the bridge knows it.
 */
export function tellPublicLevel(kind: string, name: string): void {
  writeDiagnostic(
    `logdial: cannot look into this version of ${kind}: the level of "${name}" is set once its ` +
      "thread yields, and scopes, budgets, tail and the recorder do not know it\n",
  );
}

/** The public level of a library's logger. */
export interface PublicLevel<Level> {
  /** Reads it. */
  read(): Level;
  /** Sets it. */
  write(level: Level): void;
  /** The library's word for a level number of the dial. */
  wordFor(levelno: number): Level;
}

/** Sets a public level when the dial's has changed, and remembers what the program has set since. */
export class LevelFollower<Level> {
  readonly #dial: Dial;
  readonly #place: PublicLevel<Level>;
  /** The level that the program has set last. */
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

  /** Sets the level if the dial's has changed; otherwise it would undo what the program has set. */
  follow(): void {
    const { level } = this.#dial;
    if (level === this.#levelno) return;
    this.#levelno = level;
    this.#note();
    this.#place.write(this.#place.wordFor(level));
    this.#written = this.#place.read();
  }

  /** Sets the level that the program has set last. */
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
 * Sets a library's public level now, and whenever that of the dial has changed. Returns a function
 * that ends this, and leaves the level that the program has set last.
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
