/** What `fixtures/faults_changes.ts` does. */
export interface ChangesTask {
  /** What the threads begin with. */
  readonly conf: string;
  readonly threads: number;
  /** Lines of each. */
  readonly lines: number;
  /** Where they listen. */
  readonly ports: readonly [number, number];
}
