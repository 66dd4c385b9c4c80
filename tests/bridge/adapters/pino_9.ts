import { pino } from "npm:pino@9.14.0";
import type { pino as pino10 } from "npm:pino@10.4.0";
import type { Adapter } from "../adapter.ts";
import { pinoAdapter } from "./pino.ts";

/** pino 9, of which the adapter uses what 10 has as well. */
export const ADAPTER: Adapter = pinoAdapter("pino 9.14.0", pino as unknown as typeof pino10);
