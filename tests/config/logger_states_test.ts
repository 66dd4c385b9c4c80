import { assertEquals } from "@std/assert";
import { type LoggerState, NEW_LOGGER } from "../../src/config/apply/logger_state.ts";
import { LoggerStates } from "../../src/config/apply/logger_states.ts";
import { captureState } from "../../src/config/apply/logging_state.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";

/** A moment with what a plain map remembers of it. */
interface Moment {
  readonly states: LoggerStates;
  readonly model: ReadonlyMap<string, LoggerState>;
}

const NAMES = ["a", "b", "c", "d"];
const STATES = [0, 10, 20].map((level): LoggerState => ({ ...NEW_LOGGER, level }));

/** Changes a few loggers, or takes them out. */
function after({ states, model }: Moment, random: () => number): Moment {
  const changed = new Map(model);
  const changes = new Map<string, LoggerState | undefined>();
  for (let count = random() % 3; count > 0; count--) {
    const name = NAMES[random() % NAMES.length]!, state = STATES[random() % 4];
    if (state === changed.get(name)) continue;
    changes.set(name, state);
    if (state === undefined) changed.delete(name);
    else changed.set(name, state);
  }
  return { states: states.next(changes), model: changed };
}

function assertKnown({ states, model }: Moment, desc: string): void {
  const sorted = (entries: Iterable<[string, LoggerState]>) => [...entries].sort();
  const lookUp = states.lookUp();
  assertEquals(sorted(states), sorted(model), desc);
  for (const name of NAMES) {
    assertEquals(states.get(name), model.get(name), `${name}, ${desc}`);
    assertEquals(lookUp(name), model.get(name), `${name}, ${desc}`);
    assertEquals(states.has(name), model.has(name), `${name}, ${desc}`);
  }
}

Deno.test("each moment knows the loggers as they were, whatever is forgotten between", () => {
  const bytes = new SeededBytes(1);
  const random = () => bytes.below(256);
  for (let round = 0; round < 200; round++) {
    let moments: Moment[] = [{ states: LoggerStates.none(), model: new Map() }];
    for (let step = 0; step < 20; step++) {
      moments.push(after(moments.at(-1)!, random));
      if (random() % 4 > 0) continue;
      const wanted = moments.filter(() => random() % 2 > 0);
      moments[0]!.states.keepOnly(new Set(wanted.map(({ states }) => states)));
      // The first stays, and the newest; those that are not wanted are good too if held.
      if (random() % 2 > 0) moments = [moments[0]!, ...wanted, moments.at(-1)!];
    }
    for (const [index, moment] of moments.entries()) assertKnown(moment, `${round} ${index}`);
  }
});

Deno.test("what goes forth and back takes no memory, however often", () => {
  const first = LoggerStates.none().next(new Map([["a", STATES[0]]]));
  let newest = first;
  for (let round = 0; round < 1000; round++) {
    newest = newest.next(new Map([[`b${round}`, STATES[1]]]));
    newest = newest.next(new Map([["a", STATES[round % 2]]]));
    newest = newest.next(new Map([[`b${round}`, undefined]]));
    first.keepOnly(new Set([first]));
    assertEquals(first.differences.size, round % 2);
  }
  assertEquals(newest.size, 1);
});

Deno.test("a logger that a program has taken out of the tree is in no later state", () => {
  const manager = new Manager();
  for (const name of ["kept", "gone"]) manager.getLogger(name);
  const before = captureState(manager);
  manager.loggerDict.delete("gone");
  manager.getLogger("new");
  const after = captureState(manager, before);
  assertEquals([...after.loggers].map(([name]) => name).sort(), ["kept", "new"]);
  assertEquals([...before.loggers].map(([name]) => name).sort(), ["gone", "kept"]);
});
