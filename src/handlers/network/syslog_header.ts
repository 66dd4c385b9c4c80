import type { LogRecord } from "../../core/records/log_record.ts";
import { recordTime } from "../../core/records/record_time.ts";

/** The header of RFC 5424, up to and with the blank before the message. */
export function rfc5424Header(priority: number, record: LogRecord, ident: string): string {
  const time = new Date(recordTime(record)).toISOString();
  const name = printable(ident.trim().replace(/:$/, "") || record.name, 48);
  return `<${priority}>1 ${time} ${hostname()} ${name} ${Deno.pid} - - `;
}

let knownHostname: string | undefined;

function hostname(): string {
  if (knownHostname !== undefined) return knownHostname;
  try {
    knownHostname = printable(Deno.hostname(), 255);
  } catch {
    // The program may lack --allow-sys=hostname; the daemon knows where messages come from.
    knownHostname = "-";
  }
  return knownHostname;
}

/** Text fit for a header: visible ASCII, not too long. */
function printable(text: string, length: number): string {
  return text.replace(/[^!-~]/g, "_").slice(0, length) || "-";
}
