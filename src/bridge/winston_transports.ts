import { Handler } from "../core/handlers/handler.ts";
import { Patch } from "./patch.ts";

/** Where winston keeps the level of a call, whatever formats make of the one that is shown. */
export const LEVEL: unique symbol = Symbol.for("level");

/** What winston hands from function to function: a call's message, level and fields. */
export type Info = Record<PropertyKey, unknown>;

/** A transport, as far as its level goes. */
export interface Transport {
  level?: string | undefined;
  levels?: Readonly<Record<string, number>> | undefined;
  readonly name?: unknown;
  readonly silent?: unknown;
  /** Records that it has been given, and is not done with. */
  readonly writableLength?: number;
  /** The logger that it was given to first. */
  readonly parent?: { readonly silent?: unknown } | null;
  _write(info: Info, encoding: unknown, callback: unknown): unknown;
  _accept(chunk: { readonly chunk: Info }): boolean;
}

/** A transport for people, and for what opens where all others hold a record back. */
export class TransportOutlet extends Handler {
  readonly #transport: Transport;

  /** Stands for a transport; one that writes to the terminal or to a file opens by itself. */
  constructor(transport: Transport) {
    super();
    this.#transport = transport;
    // Not all transports have a name; `--open` knows them by it.
    this.name = typeof transport.name === "string" ? transport.name : transport.constructor.name;
    this.opens = isOf(transport, ["Console", "File"]);
  }

  /** Why nothing comes out of it. */
  override get silence(): string | undefined {
    const transport = this.#transport;
    if (transport.silent || transport.parent?.silent) return "silent is set";
    // What winston wraps around the transports that are given to it as handlers.
    if (isOf(transport, ["ExceptionStream"])) return "it takes exceptions alone";
    return isOf(transport, ["RejectionStream"]) ? "it takes rejections alone" : undefined;
  }

  /** Takes nothing: the library hands its transports what they are to write. */
  emit(): void {}

  /** `<winston's Console (WARNING)>` */
  override toString(): string {
    return super.toString().replace(
      this.constructor.name,
      `winston's ${this.#transport.constructor.name}`,
    );
  }
}

/** What lets a record through in spite of transports' levels. */
export interface Opened {
  /** Those that are opened for it. */
  readonly outlets: readonly Handler[];
  /** Whether transports without a level of their own take it, whatever their logger's says. */
  readonly isFollowed: boolean;
}

/**
 * What is known of each admitted record that has been left in a buffer: by the time that a
 * transport gets it, the level that has let it pass may be over.
 */
const WAITING = new WeakMap<Info, Opened>();
/** What is known of the record that is being written. */
let current: Opened | undefined;

const OUTLETS = new WeakMap<Transport, TransportOutlet>();

/** A transport that has been made to ask here. */
interface Gate {
  /** Its own level. */
  level: string | undefined;
  /** What each of its bridges is told by that the program has given it another one. */
  readonly tellers: Set<() => void>;
  readonly patch: Patch;
}

const GATES = new WeakMap<Transport, Gate>();

/** The outlet that stands for a transport. */
export function outletOf(transport: Transport): TransportOutlet {
  const outlet = OUTLETS.get(transport) ?? new TransportOutlet(transport);
  OUTLETS.set(transport, outlet);
  return outlet;
}

/** Writes a record that its logger lets pass, to transports that take its level, or by `opened`. */
export function writeOpened<Result>(opened: Opened | undefined, write: () => Result): Result {
  const outer = current;
  current = opened;
  try {
    return write();
  } finally {
    current = outer;
  }
}

/** What is known of an admitted record, be it written now or after a time in a buffer. */
export function openedFor(info: Info): Opened | undefined {
  return WAITING.get(info) ?? current;
}

/** Remembers what is known of a record that has been left in a buffer. */
export function keepOpened(info: Info, opened: Opened | undefined = current): void {
  if (opened !== undefined) WAITING.set(info, opened);
}

/** Forgets what was known of a record, where a program logs one object again. */
export function forgetOpened(info: Info): void {
  WAITING.delete(info);
}

/**
 * Makes a transport ask what is known of records, and tell when the program gives it another level;
 * the function that is given back undoes it.
 */
export function gateTransport(transport: Transport, tell: () => void): () => void {
  const gate = GATES.get(transport) ?? makeGate(transport);
  gate.tellers.add(tell);
  return () => {
    gate.tellers.delete(tell);
    if (gate.tellers.size > 0) return;
    GATES.delete(transport);
    gate.patch.undo();
    if (transport.level !== gate.level) transport.level = gate.level;
  };
}

function makeGate(transport: Transport): Gate {
  const { _write, _accept, level } = transport;
  const patch = new Patch(), gate: Gate = { level, tellers: new Set(), patch };
  GATES.set(transport, gate);
  patch.value(transport, "_write", (info: Info, encoding: unknown, callback: unknown) => {
    return asOpened(transport, gate, info, () => _write.call(transport, info, encoding, callback));
  });
  patch.value(transport, "_accept", (chunk: { readonly chunk: Info }) => {
    return asOpened(transport, gate, chunk.chunk, () => _accept.call(transport, chunk));
  });
  patch.accessor(transport, "level", () => gate.level, (level) => {
    gate.level = level;
    for (const tell of gate.tellers) tell();
  });
  return gate;
}

/** Has a transport look at a record with a level of its own that takes it, or holds it back. */
function asOpened<Result>(
  transport: Transport,
  gate: Gate,
  info: Info,
  look: () => Result,
): Result {
  const opened = openedFor(info), own = gate.level;
  // The logger is not bridged, or winston's own levels count: then winston decides.
  if (opened === undefined) return look();
  const isOpened = opened.outlets.includes(outletOf(transport));
  if (own && !isOpened) return look();
  const isTaken = isOpened || opened.isFollowed;
  const { levels } = transport, level = isTaken ? info[LEVEL] as string : HELD;
  gate.level = level;
  // The levels of the transport may be those of the logger that it was given to first.
  transport.levels = isTaken ? levelsOf(level) : NO_LEVELS;
  try {
    return look();
  } finally {
    gate.level = own;
    transport.levels = levels;
  }
}

/** The level of a transport that takes nothing, among levels that it is none of. */
const HELD = "held";
const NO_LEVELS: Readonly<Record<string, number>> = {};

const PASSING = new Map<string, Readonly<Record<string, number>>>();

/** Levels of which there is only one. */
function levelsOf(level: string): Readonly<Record<string, number>> {
  let levels = PASSING.get(level);
  if (levels === undefined) PASSING.set(level, levels = { [level]: 0 });
  return levels;
}

/** Whether an object is of a class of one of these names: the library's own cannot be imported. */
function isOf(object: object, names: readonly string[]): boolean {
  for (let one: object | null = object; one !== null; one = Object.getPrototypeOf(one)) {
    if (names.includes(one.constructor?.name)) return true;
  }
  return false;
}
