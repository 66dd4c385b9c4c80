import { basicConfig, getLogger } from "../../../../mod.ts";

basicConfig({ level: "INFO", stream: Deno.stdout });
getLogger("app.db").info("Got HTTP response 200.");
