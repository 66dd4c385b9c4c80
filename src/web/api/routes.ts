import { CHANGE_ROUTES } from "./change_routes.ts";
import type { Route } from "./api_context.ts";
import { QUESTION_ROUTES } from "./question_routes.ts";
import { STREAM_ROUTES } from "./stream_routes.ts";

/** All requests of the page, by the last part of their address. */
export const ROUTES: ReadonlyMap<string, Route> = new Map(
  Object.entries({ ...CHANGE_ROUTES, ...QUESTION_ROUTES, ...STREAM_ROUTES }),
);
