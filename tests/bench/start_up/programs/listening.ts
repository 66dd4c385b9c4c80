import { LOGGER } from "../../../../src/logger.ts";

LOGGER.info("Got HTTP response 200.");
