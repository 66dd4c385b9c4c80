import type { LevelName } from "../../core/levels/levels.ts";
import type {
  FINGERS_CROSSED,
  FINGERS_CROSSED_PARAMETERS,
  OTLP_HANDLER,
  PYTHON_HANDLERS,
  RING_HANDLER,
  RING_PARAMETERS,
} from "../build/builtin_names.ts";
import type { OtlpHandlerOptions } from "../../handlers/otlp/otlp_options.ts";
import type { OwnName } from "./own_name.ts";

/**
 * What a text may stand for: a name that is registered, or another part of the configuration.
 *
 * @internal
 */
export type Reference = `ext://${string}` | `cfg://${string}`;

/**
 * As Python has it: 0 and 1 are truth values.
 *
 * @internal
 */
export type Truth = boolean | 0 | 1;

/**
 * A level of a configuration; of one that the program has named, the number.
 *
 * @internal
 */
export type LevelValue = LevelName | number | Reference | null;

/** What the arguments of built-in handlers are, by their names. */
interface ArgumentTypes {
  readonly level: LevelValue;
  readonly flushLevel: LevelValue;
  readonly passLevel: LevelValue;
  readonly by: string;
  readonly values: number | Reference;
  readonly stream: Reference | object | null;
  readonly filename: string | URL;
  readonly mode: string;
  readonly encoding: string | null;
  readonly errors: string | null;
  readonly delay: Truth | Reference;
  readonly maxBytes: number | Reference;
  readonly backupCount: number | Reference;
  readonly when: string;
  readonly interval: number | Reference;
  readonly utc: Truth | Reference;
  readonly capacity: number | Reference;
  readonly target: string | object | null;
  readonly flushOnClose: Truth | Reference;
  readonly address: string | readonly [host: string, port: number];
  readonly facility: number | string;
  readonly socktype: number | Reference | null;
  readonly rfc5424: Truth | Reference;
  readonly timeout: number | Reference | null;
  readonly host: string;
  readonly port: number | Reference | null;
  readonly url: string;
  readonly method: string;
  readonly secure: unknown;
  readonly mailhost: string | readonly [host: string, port: number | null];
  readonly fromaddr: string;
  readonly toaddrs: string | readonly string[];
  readonly subject: string;
  readonly credentials: Reference | readonly [user: string, password: string] | null;
}

type TypeOf<Name> = Name extends keyof ArgumentTypes ? ArgumentTypes[Name] : unknown;

/** Names in a list like `filename mode? delay?`. */
type NamesIn<List extends string> = List extends `${infer First} ${infer Rest}`
  ? First | NamesIn<Rest>
  : List;

type NeededIn<List extends string> = Exclude<NamesIn<List>, `${string}?`>;
type OptionalIn<List extends string> = NamesIn<List> extends infer Name
  ? Name extends `${infer Bare}?` ? Bare : never
  : never;

/** Arguments by name, as a list of parameters has them. */
type ArgumentsIn<List extends string> =
  & { readonly [Name in NeededIn<List>]: TypeOf<Name> }
  & { readonly [Name in OptionalIn<List>]?: TypeOf<Name> };

type PythonHandlers = typeof PYTHON_HANDLERS;

/** A queue is made where none is given, and what listens to it may be said beside it. */
interface QueueArguments {
  readonly queue?: unknown;
  readonly handlers?: readonly string[];
  readonly listener?: unknown;
  readonly respect_handler_level?: Truth;
}

/**
 * Arguments of the built-in handlers by the names of their classes: those of the list that
 * configurations are built by.
 *
 * @internal
 */
export type HandlerArguments =
  & {
    readonly [Name in keyof PythonHandlers as `logging.${Name}`]: Name extends
      "handlers.QueueHandler" ? QueueArguments : ArgumentsIn<PythonHandlers[Name]>;
  }
  & { readonly [Name in typeof RING_HANDLER]: ArgumentsIn<typeof RING_PARAMETERS> }
  & { readonly [Name in typeof OTLP_HANDLER]: OtlpHandlerOptions }
  & {
    readonly [Name in typeof FINGERS_CROSSED]: ArgumentsIn<typeof FINGERS_CROSSED_PARAMETERS>;
  };

/**
 * A class: its name, or itself.
 *
 * @internal
 */
export type OwnClass = OwnName | Reference | ((...args: never[]) => unknown) | {
  new (...args: never[]): unknown;
};
