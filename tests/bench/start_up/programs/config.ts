import { fileConfig, getLogger } from "../../../../mod.ts";

fileConfig(`[loggers]
keys=root

[handlers]
keys=console

[formatters]
keys=line

[logger_root]
level=INFO
handlers=console

[handler_console]
class=StreamHandler
formatter=line
args=(sys.stdout,)

[formatter_line]
format=%(asctime)s - %(name)s - %(levelname)s - %(message)s
`);
getLogger("app.db").info("Got HTTP response 200.");
