import winston from "npm:winston@3.19.0";

winston.createLogger({ transports: [new winston.transports.Console()] }).info(
  "Got HTTP response 200.",
);
