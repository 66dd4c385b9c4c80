import { basicConfig, getLogger } from "../../../../src/core.ts";

basicConfig({ level: "INFO", stream: Deno.stdout });
getLogger("app.db").info("Got HTTP response 200.");
