/**
 * The files of the page. They are told here and nowhere else, since `deno task pack` puts others in
 * the place of these: in the package the script is one file, without types. From the sources each
 * module of it is served by itself, as the browser asks for it, and its types are taken out here.
 *
 * @module
 */
import api from "../page/api.ts" with { type: "text" };
import chart from "../page/chart.ts" with { type: "text" };
import configView from "../page/config_view.ts" with { type: "text" };
import css from "../page/page.css" with { type: "text" };
import dial from "../page/dial.ts" with { type: "text" };
import dom from "../page/dom.ts" with { type: "text" };
import dumpView from "../page/dump_view.ts" with { type: "text" };
import forces from "../page/forces.ts" with { type: "text" };
import historyView from "../page/history_view.ts" with { type: "text" };
import html from "../page/page.html" with { type: "text" };
import icon from "../page/icon.svg" with { type: "text" };
import levels from "../page/levels.ts" with { type: "text" };
import live from "../page/live.ts" with { type: "text" };
import loggerTable from "../page/logger_table.ts" with { type: "text" };
import main from "../page/main.ts" with { type: "text" };
import model from "../page/model.ts" with { type: "text" };
import outcome from "../page/outcome.ts" with { type: "text" };
import rates from "../page/rates.ts" with { type: "text" };
import records from "../page/records.ts" with { type: "text" };
import scopeList from "../page/scope_list.ts" with { type: "text" };
import tailView from "../page/tail_view.ts" with { type: "text" };
import threadsView from "../page/threads_view.ts" with { type: "text" };
import turnForm from "../page/turn_form.ts" with { type: "text" };

/** The script, by the address of each of its files. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "/page/api.ts": api,
  "/page/chart.ts": chart,
  "/page/config_view.ts": configView,
  "/page/dial.ts": dial,
  "/page/dom.ts": dom,
  "/page/dump_view.ts": dumpView,
  "/page/forces.ts": forces,
  "/page/history_view.ts": historyView,
  "/page/levels.ts": levels,
  "/page/live.ts": live,
  "/page/logger_table.ts": loggerTable,
  "/page/main.ts": main,
  "/page/model.ts": model,
  "/page/outcome.ts": outcome,
  "/page/rates.ts": rates,
  "/page/records.ts": records,
  "/page/scope_list.ts": scopeList,
  "/page/tail_view.ts": tailView,
  "/page/threads_view.ts": threadsView,
  "/page/turn_form.ts": turnForm,
};

/** The files that are no script. */
export const PLAIN_FILES: Readonly<Record<string, string>> = {
  "/": html,
  "/page.css": css,
  "/icon.svg": icon,
};

/** The script as a browser runs it, by address. */
export async function loadScripts(): Promise<Readonly<Record<string, string>>> {
  const module: object = await import("node:module");
  // In Deno as in Node.js; Deno's types do not know it.
  const { stripTypeScriptTypes } = module as { stripTypeScriptTypes(code: string): string };
  return Object.fromEntries(
    Object.entries(SCRIPTS).map(([address, code]) => [
      address,
      withoutGaps(stripTypeScriptTypes(code)),
    ]),
  );
}

/** The code without its comments and the blanks where types stood, which are a third of it. */
function withoutGaps(code: string): string {
  return code.replace(/^ *\/\*\*.*?\*\/$/gms, "").replace(/^ *\/\/.*$/gm, "")
    .replace(/ +$/gm, "").replace(/^\n/gm, "");
}
