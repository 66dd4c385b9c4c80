import { LOGGER } from "../../../../src/logger.ts";

LOGGER.info("Got HTTP response 200.");
(self as unknown as Worker).postMessage("done");
