import { NAME, type Peer } from "../peer.ts";

/** `console.log` with the same line made by hand. */
export const calls: Peer["calls"] = {
  "text": () =>
    console.log(`${new Date().toISOString()} - ${NAME} - INFO - Got HTTP response 200.`),
  "json": (at) =>
    console.log(JSON.stringify({
      time: new Date().toISOString(),
      level: "INFO",
      logger: NAME,
      message: "request done",
      method: "GET",
      path: "/api/users",
      status: 200,
      duration: at,
      user: "kim",
    })),
};
