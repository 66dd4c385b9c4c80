import { configureSync, getConsoleSink, getLogger } from "npm:@logtape/logtape@2.4.2";

configureSync({
  sinks: { console: getConsoleSink() },
  loggers: [
    { category: "app", sinks: ["console"], lowestLevel: "info" },
    { category: ["logtape", "meta"], sinks: [] },
  ],
});
getLogger(["app", "db"]).info("Got HTTP response 200.");
