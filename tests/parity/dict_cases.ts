/** A configuration as JSON holds it. */
export type ConfigDict = Record<string, unknown>;
