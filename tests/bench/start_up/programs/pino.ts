import { pino } from "npm:pino@10.4.0";

pino({ name: "app.db" }, pino.destination({ dest: 1, sync: true })).info("Got HTTP response 200.");
