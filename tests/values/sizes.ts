/** Lines of JSON and log calls of a whole sweep, as `deno task soak values` makes them. */
export const LINES = 100_000;
/** Log calls of a whole sweep. */
export const CALLS = 20_000;
