import { type CapturedRecord, describeRecord } from "./captured_record.ts";
import {
  checkExpected,
  describeExpected,
  differencesOf,
  type ExpectedRecord,
  tellLogged,
} from "./expected_record.ts";

/**
 * The records of a block, in the order in which they were logged. They stay when the block is
 * over.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { type CapturedLogs, captureLogs } from "@logdial/logging/testing";
 *
 * using logs: CapturedLogs = captureLogs("app.cart", "WARNING");
 * getLogger("app.cart").warning("%s is full", "cart");
 * console.log(logs.messages); // [ "cart is full" ]
 * ```
 */
export class CapturedLogs implements Disposable {
  #records: CapturedRecord[] = [];
  readonly #waiting = new Set<(record: CapturedRecord) => void>();
  readonly #end: () => void;

  /** Made by {@linkcode captureLogs} only; takes what ends the capture. */
  constructor(end: () => void) {
    this.#end = end;
  }

  /** All records so far. */
  get records(): readonly CapturedRecord[] {
    return this.#records;
  }

  /** The messages of all records. */
  get messages(): string[] {
    return this.#records.map(({ message }) => message);
  }

  /** All records as a text, a line for each. */
  get text(): string {
    return this.#records.map((record) => `${describeRecord(record)}\n`).join("");
  }

  /** The records that are as expected. */
  matching(expected: ExpectedRecord): CapturedRecord[] {
    checkExpected(expected);
    return this.#records.filter((record) => differencesOf(record, expected).length === 0);
  }

  /**
   * Waits for a record that is as expected, unless it is there already.
   *
   * @throws {Error} None has come within the given milliseconds.
   */
  async until(expected: ExpectedRecord, timeout = 5000): Promise<CapturedRecord> {
    const [found] = this.matching(expected);
    if (found !== undefined) return found;
    const { promise, resolve, reject } = Promise.withResolvers<CapturedRecord>();
    const hear = (record: CapturedRecord) => {
      if (differencesOf(record, expected).length === 0) resolve(record);
    };
    const timer = setTimeout(() => {
      const wanted = describeExpected(expected), logged = tellLogged(this.#records, expected);
      reject(new Error(`Waited ${timeout} ms for a record ${wanted}, ${logged}`));
    }, timeout);
    this.#waiting.add(hear);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(hear);
    }
  }

  /** Forgets what was logged so far. */
  clear(): void {
    this.#records = [];
  }

  /** Takes a record; for `captureLogs`. */
  add(record: CapturedRecord): void {
    this.#records.push(record);
    for (const hear of this.#waiting) hear(record);
  }

  /** Ends the capture. */
  [Symbol.dispose](): void {
    this.#end();
  }
}
