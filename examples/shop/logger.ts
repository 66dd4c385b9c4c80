/** Sets up logging on the thread that imports it, and lets it be changed from outside. */
import { basicConfig, getLogger, JsonFormatter, listen, type Logger } from "../../mod.ts";
import { RedactFilter, RotatingFileHandler, stdout, StreamHandler } from "../../mod.ts";

const handlers = [new StreamHandler(stdout), new RotatingFileHandler("shop.log", "a", 1e7, 3)];
for (const handler of handlers) {
  handler.setFormatter(new JsonFormatter("%(processName)s"));
  handler.addFilter(new RedactFilter({ paths: ["password", "card"] }));
}
basicConfig({ level: "INFO", handlers });
await listen();

export const log: Logger = getLogger("shop");
