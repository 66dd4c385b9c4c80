import { NOTSET } from "../core/levels/levels.ts";
import { dialFor } from "./dial_for.ts";
import { nameBelow } from "./name_below.ts";
import { PartDials } from "./part_dials.ts";
import type { Station } from "./pino_inside.ts";

/** The library's name, which is told beside a logger's. */
const KIND = "pino";
/** Most loggers that the children of one bridge become. */
const MAX_NAMED = 1000;

/**
 * The stations of a logger of pino's and its children: each leads to the logger of the tree by which
 * they are turned.
 *
 * Children of one name share a logger, and may have levels of their own that differ: so there is a
 * station for each level of a name. All of them are turned with the logger; until somebody turns it
 * each has its own level.
 */
export class PinoStations {
  /** Stations of each name, by their level, or by the station above where they have none. */
  readonly #named = new Map<string, Map<number | Station, Station>>();
  readonly #lead: Station;
  readonly #parts = new PartDials(KIND, MAX_NAMED);

  /**
   * Begins with the station of the logger itself.
   *
   * @throws {ConfigError} Another library is bridged to that name, or it is the root's.
   */
  constructor(name: string) {
    this.#lead = { name, dial: dialFor(name, KIND), users: 1 };
  }

  /** The station of the logger itself. */
  get lead(): Station {
    return this.#lead;
  }

  /**
   * The station for one more child; NOTSET stands for no level of its own. A child that cannot have a
   * logger of the tree gets a station that only keeps its level, or the one above.
   */
  take(above: Station, part: string, level: number): Station {
    const name = nameBelow(above.name, part);
    let stations = this.#named.get(name);
    if (stations === undefined) {
      const dial = this.#parts.make(name);
      if (dial === undefined) return level === NOTSET ? above : fixedStation(above, level);
      // The new dial is that of the first station.
      stations = new Map([[keyOf(above, level), { name, dial, users: 0 }]]);
      this.#named.set(name, stations);
    }
    let station = stations.get(keyOf(above, level));
    if (station === undefined) {
      station = { name, dial: dialFor(name, KIND), users: 0 };
      stations.set(keyOf(above, level), station);
    }
    if (station.users++ === 0) station.dial.start(level, above.dial);
    return station;
  }

  /** Counts one child less for a station. */
  release(station: Station): void {
    if (station.isFixed) return;
    if (--station.users === 0) station.dial.leave();
  }

  /** Frees all names. */
  close(): void {
    for (
      const stations of [
        [this.#lead],
        ...[...this.#named.values()].map((all) => all.values()),
      ]
    ) {
      for (const { dial, fixed } of stations) {
        fixed?.forEach((station) => station.dial.close());
        dial.close();
      }
    }
  }
}

function keyOf(above: Station, level: number): number | Station {
  return level === NOTSET ? above : level;
}

/** A station that keeps a level of its own, however the logger above is turned. */
function fixedStation(above: Station, level: number): Station {
  const fixed = above.fixed ??= new Map<number, Station>();
  let station = fixed.get(level);
  if (station === undefined) {
    station = { name: above.name, dial: above.dial.fixed(level), users: 0, isFixed: true };
    fixed.set(level, station);
  }
  return station;
}
