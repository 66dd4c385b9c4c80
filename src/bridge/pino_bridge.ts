import { NOTSET } from "../core/levels/levels.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import type { Dial } from "../core/loggers/dial.ts";
import type { Fields } from "../core/records/shared_fields.ts";
import type { LevelMap } from "./level_map.ts";
import { Patch } from "./patch.ts";
import {
  BOUND,
  type Bound,
  type Child,
  type Inner,
  type Inside,
  LivingChildren,
  mayHoldBack,
  type Method,
  partOf,
  type PresentCall,
  readCall,
  readCallLine,
  STATION,
  type Station,
  takesLevel,
} from "./pino_inside.ts";
import { pinoLevelMap } from "./pino_level_map.ts";
import { PinoStations } from "./pino_stations.ts";
import { readOr } from "./read_arguments.ts";

type SetLevel = (this: Inner, level: string | number) => void;

/**
 * A logger of pino's with its children, on the dial. Its log methods, and what its children inherit
 * from it, are others as long as that lasts.
 */
export class PinoBridge {
  readonly #instance: Inner;
  readonly #inside: Inside;
  readonly #patch = new Patch();
  readonly #stations: PinoStations;
  readonly #maps = new WeakMap<object, LevelMap>();
  /** Children that have their own methods, which are put back, too. */
  readonly #owners = new LivingChildren();
  readonly #setLevel: SetLevel;
  /** The level that the program has given the logger meanwhile, if any. */
  #given: string | undefined = undefined;
  /** The level with which a child is being made. */
  #making: string | undefined = undefined;
  #isUndone = false;
  #present: PresentCall | undefined = undefined;

  /** Bridges a logger under a name of the tree. */
  constructor(instance: Inner, name: string, inside: Inside) {
    this.#instance = instance;
    this.#inside = inside;
    this.#setLevel = instance[inside.setLevel] as SetLevel;
    this.#stations = new PinoStations(name);
    const station = this.#stations.lead;
    const methods = this.#methodsOf(instance, station);
    station.dial.start(this.#numberOf(instance, instance.level));
    this.#replaceInside(instance, station);
    for (const [key, method] of Object.entries(methods)) this.#patch.value(instance, key, method);
  }

  /** Puts all back. */
  undo(): void {
    if (this.#isUndone) return;
    this.#isUndone = true;
    this.#patch.undo();
    const instance = this.#instance, given = this.#given;
    if (given !== undefined && given !== instance.level) this.#setLevel.call(instance, given);
    for (const child of this.#owners.all()) {
      for (const key of [STATION, ...Object.keys(child.levels.values)]) delete child[key];
      const parent = Object.getPrototypeOf(child) as Inner;
      // A child with custom levels has no inherited methods for these.
      const level = child[BOUND]?.level ??
        (child.levels === parent.levels ? undefined : parent.level);
      if (level !== undefined) this.#setLevel.call(child, level);
    }
    this.#stations.close();
  }

  #replaceInside(instance: Inner, station: Station): void {
    // deno-lint-ignore no-this-alias
    const own = this;
    const { levelVal, setLevel, asJson } = this.#inside;
    const patch = this.#patch;
    patch.value(instance, STATION, station);
    patch.define(instance, levelVal, {
      get(this: Inner) {
        const name = own.#levelOf(this);
        return name === undefined ? Infinity : this.levels.values[name];
      },
      set() {}, // Told by `setLevel`, and by nobody else.
      enumerable: true,
      configurable: true,
    });
    patch.value(instance, setLevel, function (this: Inner, level: string | number) {
      own.#turn(this, level);
    });
    // Whoever has kept one of these is told by pino itself once the bridge is undone.
    const isLevelEnabled = instance.isLevelEnabled as (name: string) => boolean;
    patch.value(instance, "isLevelEnabled", function (this: Inner, name: string) {
      if (own.#isUndone) return isLevelEnabled.call(this, name);
      const number = own.#mapOf(this).numberOf(name);
      return number === undefined ? isLevelEnabled.call(this, name) : own.#isEnabled(this, number);
    });
    const child = instance.child as Child;
    patch.value(instance, "child", function (this: Inner, ...given: Parameters<Child>) {
      return own.#isUndone ? child.apply(this, given) : own.#makeChild(this, child, given);
    });
    const setBindings = instance.setBindings as (bindings: Fields) => void;
    patch.value(instance, "setBindings", function (this: Inner, bindings: Fields) {
      setBindings.call(this, bindings);
      if (own.#isUndone) return;
      const { part, level, station } = own.#ownBound(this);
      this[BOUND] = { fields: { ...this[BOUND]?.fields, ...bindings }, part, level, station };
    });
    const write = instance[asJson] as Method;
    patch.value(instance, asJson, function (this: Inner, ...[fields, msg, level, time]: unknown[]) {
      const line = write.call(this, fields, msg, level, time) as string;
      own.#note(this, fields as object, level, line);
      return line;
    });
  }

  /** Methods that ask the station, in the place of pino's own. */
  #methodsOf(instance: Inner, { dial }: Station): Record<string, Method> {
    const { levelVal } = this.#inside;
    // On this scratch object pino sets all methods, without an event.
    const scratch = Object.create(instance, {
      emit: { value: () => {} },
      [levelVal]: { value: Infinity, writable: true },
    }) as Inner;
    const map = this.#mapOf(instance);
    this.#setLevel.call(scratch, map.nameOf(-Infinity)!);
    const methods: Record<string, Method> = {};
    for (const key of Object.keys(instance.levels.values)) {
      methods[key] = this.#methodOf(dial, key, map.numberOf(key)!, scratch[key] as Method);
    }
    return methods;
  }

  #methodOf(dial: Dial, key: string, number: number, write: Method): Method {
    // The function takes its arguments spread: otherwise dropped calls too would make an array.
    const pass = (instance: Inner, ...args: unknown[]) => {
      // After `undo`, a method that somebody has kept asks pino itself.
      if (this.#isUndone && !(instance.isLevelEnabled as (name: string) => boolean)(key)) return;
      const isUnsure = mayHoldBack(instance, this.#inside);
      if (!dial.isPlain(number, isUnsure)) {
        this.#pass(instance, dial, key, number, write, method, args);
      } else if (isUnsure) dial.wrote(number, this.#isTaken(instance, key, write, args));
      else write.apply(instance, args);
    };
    const method: Method = function (...args) {
      if (dial.isOff(number)) return;
      pass(this, ...args);
    };
    return method;
  }

  /** Makes a call of which nobody has to know more than that: whether pino has written it. */
  #isTaken(instance: Inner, key: string, write: Method, args: unknown[]): boolean {
    const outer = this.#present, level = instance.levels.values[key]!;
    const call = this.#present = { logger: instance, writer: instance, level, isTaken: false };
    try {
      write.apply(instance, args);
    } finally {
      this.#present = outer;
    }
    return call.isTaken;
  }

  #pass(
    instance: Inner,
    dial: Dial,
    key: string,
    number: number,
    write: Method,
    method: Method,
    args: unknown[],
  ): void {
    const { messageKey, errorKey } = this.#inside;
    const keys = [String(instance[messageKey]), String(instance[errorKey])] as const;
    const { msg, fields, error } = readCall(args, instance[BOUND], ...keys);
    const isAdmitted = dial.admits(number, msg, fields);
    const isWatched = dial.wants(number);
    const writer = isAdmitted || !isWatched ? instance : this.#silenced(instance);
    const level = instance.levels.values[key]!;
    const call: PresentCall = { logger: instance, writer, level, isTaken: false };
    const outer = this.#present;
    this.#present = call;
    try {
      if (isAdmitted) write.apply(writer, args);
      // Errors of the program's own functions must not end a call that pino would drop.
      else if (isWatched) readOr(undefined, () => write.apply(writer, args));
    } finally {
      // This is set even if a function of the program's own, such as `mixin`, has thrown.
      this.#present = outer;
      // A hook of the program's own, or its streams, may have held the line back.
      if (isAdmitted && !call.isTaken) dial.heldBack();
      if (isWatched) this.#tell(call, dial, number, error, method);
      else dial.passed(number);
    }
  }

  /** Notes a line of the present call, unless it belongs to another one that is made during that. */
  #note(writer: Inner, fields: object, level: unknown, line: string): void {
    const call = this.#present;
    if (call === undefined || call.level !== level) return;
    // A hook may have another logger write it.
    call.isTaken ||= takesLevel(writer[this.#inside.stream], level);
    if (call.writer !== writer && call.logger !== writer) return;
    call.line = line;
    call.fields = fields;
  }

  /** The logger, but its lines go nowhere. */
  #silenced(instance: Inner): Inner {
    return Object.create(instance, { [this.#inside.stream]: { value: { write() {} } } }) as Inner;
  }

  /** Shows watchers what pino has made of a call, without what it has taken out. */
  #tell(
    call: PresentCall,
    dial: Dial,
    number: number,
    error: Error | undefined,
    above: Method,
  ): void {
    const told = readCallLine(call, error, this.#inside);
    // A hook of the program's own may have held the line back.
    if (told === undefined) return dial.passed(number);
    dial.passed(number, told.msg, told.fields, told.shown, above);
  }

  #makeChild(parent: Inner, make: Child, given: Parameters<Child>): Inner {
    const outer = this.#making;
    this.#making = given[1]?.level ?? parent.level;
    const hook = new Patch(), { onChild } = parent;
    const settle = (child: Inner) => {
      this.#making = undefined;
      this.#settleChild(child, parent, given);
    };
    // `onChild` may log by the child, and set its level: so the child has to be complete by then.
    if (typeof onChild === "function" && onChild !== parent.silent) {
      hook.value(parent, "onChild", function (this: Inner, child: Inner) {
        hook.undo();
        settle(child);
        onChild.call(this, child);
      });
    }
    try {
      const child = make.apply(parent, given);
      if (!Object.hasOwn(child, BOUND)) settle(child);
      return child;
    } finally {
      hook.undo();
      this.#making = outer;
    }
  }

  /** Gives a child that has just been made its fields and its station. */
  #settleChild(child: Inner, parent: Inner, [bindings, options]: Parameters<Child>): void {
    const fields = { ...parent[BOUND]?.fields, ...bindings };
    const part = partOf(bindings), level = options?.level;
    child[BOUND] = { fields, part, level };
    if (part !== undefined || level !== undefined) this.#own(child, parent);
    else if (options?.customLevels !== undefined) this.#install(child, parent[STATION]!);
  }

  /** What a logger itself has bound, without what it inherits. */
  #ownBound(logger: Inner): Partial<Bound> {
    return Object.hasOwn(logger, BOUND) ? logger[BOUND]! : {};
  }

  /** Gives a child that names a part, or has a level of its own, the station for that. */
  #own(child: Inner, parent: Inner): void {
    const above = parent[STATION]!, bound = child[BOUND]!, { part, level, station: before } = bound;
    const number = level === undefined ? NOTSET : this.#numberOf(child, level);
    const station = this.#stations.take(above, part ?? level!, number);
    if (station !== above) {
      bound.station = station;
      this.#install(child, station);
    }
    if (before !== undefined) this.#stations.release(before);
  }

  #install(child: Inner, station: Station): void {
    const isUsual = child.levels === this.#instance.levels;
    const methods = isUsual && station.methods || this.#methodsOf(child, station);
    if (isUsual) station.methods = methods;
    if (!Object.hasOwn(child, STATION)) this.#owners.add(child);
    Object.assign(child, methods);
    child[STATION] = station;
  }

  /** Sets the level that the program asks for. */
  #turn(logger: Inner, level: string | number): void {
    const name = typeof level === "number" ? logger.levels.labels[level] : level;
    // pino throws, and tells why.
    if (name === undefined || logger.levels.values[name] === undefined) {
      return this.#setLevel.call(logger, level);
    }
    const before = logger.level;
    const isBeingMade = name === this.#making && !Object.hasOwn(logger, BOUND) &&
      logger !== this.#instance;
    if (isBeingMade) return;
    if (logger === this.#instance) {
      this.#given = name;
      logger[STATION]!.dial.level = this.#numberOf(logger, name);
    } else this.#turnChild(logger, name);
    const { values } = logger.levels;
    const emit = logger.emit as (...args: unknown[]) => void;
    emit.call(logger, "level-change", name, values[name], before, values[before], logger);
  }

  #turnChild(child: Inner, level: string): void {
    if (!Object.hasOwn(child, BOUND)) child[BOUND] = { fields: child[BOUND]?.fields ?? {} };
    child[BOUND]!.level = level;
    this.#own(child, Object.getPrototypeOf(child) as Inner);
    const { dial, users } = child[STATION]!;
    // If only one child has the logger, it gets the program's level, even if it was turned.
    if (users === 1) dial.level = this.#numberOf(child, level);
  }

  #isEnabled(logger: Inner, number: number): boolean {
    const { dial } = logger[STATION]!;
    if (dial.isOff(number)) return false;
    if (dial.isEnabled(number)) return true;
    const bound = logger[BOUND];
    if (bound === undefined) return false;
    if (bound.dial === undefined || bound.dialOf !== dial) {
      [bound.dial, bound.dialOf] = [dial.with(bound.fields), dial];
    }
    return bound.dial.isEnabled(number);
  }

  #levelOf(logger: Inner): string | undefined {
    return this.#mapOf(logger).nameOf(logger[STATION]!.dial.level);
  }

  #numberOf(logger: Inner, level: string): number {
    return this.#mapOf(logger).numberOf(level) ?? ABOVE_ALL;
  }

  #mapOf({ levels, [this.#inside.levelComp]: passes }: Inner): LevelMap {
    let map = this.#maps.get(levels);
    if (map === undefined) {
      map = pinoLevelMap(levels.values, passes as (level: number, from: number) => boolean);
      this.#maps.set(levels, map);
    }
    return map;
  }
}
