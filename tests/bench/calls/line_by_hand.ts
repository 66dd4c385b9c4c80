import { NAME } from "./peer.ts";

let lastSecond = 0, secondText = "";

/** A line of text. */
export function textLine(): string {
  return `${timeText()} - ${NAME} - INFO - Got HTTP response 200.\n`;
}

/** A line of JSON with five fields of the call. */
export function jsonLine(at: number): string {
  const fields = { method: "GET", path: "/api/users", status: 200, duration: at, user: "kim" };
  return `{"time":"${timeText()}","level":"INFO","logger":"${NAME}","message":"request done",` +
    JSON.stringify(fields).slice(1) + "\n";
}

/** The local time; all but the milliseconds changes once a second. */
function timeText(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000);
    secondText = local.toISOString().slice(0, 19).replace("T", " ");
  }
  const milliseconds = now - second * 1000;
  const padding = milliseconds < 10 ? "00" : milliseconds < 100 ? "0" : "";
  return `${secondText},${padding}${milliseconds}`;
}
