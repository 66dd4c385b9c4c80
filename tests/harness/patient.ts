/**
 * How long listeners of tests wait for a thread: a thread that only waits for a processor does not
 * count as silent.
 */
export const PATIENT = { answerTimeout: 1500 };
/** For tests of silent threads. */
export const IMPATIENT = { answerTimeout: 250 };
