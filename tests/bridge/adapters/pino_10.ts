import { pino } from "npm:pino@10.4.0";
import type { Adapter } from "../adapter.ts";
import { pinoAdapter } from "./pino.ts";

/** pino 10. */
export const ADAPTER: Adapter = pinoAdapter("pino 10.4.0", pino);
