import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ConfigError, dictConfig, fileConfig, flush, Formatter, getLogger } from "../../mod.ts";
import { SMTPHandler } from "../../src/handlers/network/smtp_handler.ts";
import { importFlags } from "../harness/project.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";
import { type Mail, MailServer } from "./mail_server.ts";

function headOf({ text }: Mail): Record<string, string> {
  const [head] = text.split("\r\n\r\n", 1) as [string];
  const lines = head.replaceAll(/\r\n\s+/g, " ").split("\r\n");
  return Object.fromEntries(lines.map((line) => line.split(": ", 2) as [string, string]));
}

function bodyOf({ text }: Mail): string {
  return text.slice(text.indexOf("\r\n\r\n") + 4).trimEnd();
}

/** Settings of the server's sockets end a moment after the test. */
const LOOSE = { sanitizeOps: false, sanitizeResources: false };

Deno.test("a record is a mail, to all addresses, with the record's time", LOOSE, async () => {
  await using server = await MailServer.start();
  const to = ["kim@example.org", "lee@example.org"];
  const handler = new SMTPHandler(["127.0.0.1", server.port], "app@example.org", to, "Trouble");
  handler.setFormatter(new Formatter("%(levelname)s %(message)s"));
  const record = logRecord("%d rows lost\nin a table", 40, [3]);
  record.created = 1_700_000_000;
  handler.handle(record);
  await handler.drain();
  const [mail] = server.mails as [Mail];
  assertEquals([mail.from, mail.to, mail.user], ["app@example.org", to, undefined]);
  const { From, To, Subject, Date: date } = headOf(mail);
  assertEquals([From, To, Subject], ["app@example.org", to.join(", "), "Trouble"]);
  assertEquals(date, "Tue, 14 Nov 2023 22:13:20 +0000");
  assertEquals(bodyOf(mail), "ERROR 3 rows lost\r\nin a table");
});

Deno.test(
  "local users are addresses, as in Python: their mails had no sender and no receiver",
  LOOSE,
  async () => {
    // The server of the other tests refuses such addresses.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const text = talkMail(listener);
    const to = ["root", "Kim <kim@x.org>", "lee@x.org, max@x.org"];
    const handler = new SMTPHandler(["127.0.0.1", listener.addr.port], "app", to, "Trouble");
    handler.handle(logRecord("disk full"));
    await handler.drain();
    const lines = (await text).split("\r\n").filter((line) => /^(MAIL|RCPT|From:|To:)/.test(line));
    assertEquals(lines, [
      "MAIL FROM:<app>",
      "RCPT TO:<root>",
      "RCPT TO:<kim@x.org>",
      "RCPT TO:<lee@x.org>",
      "RCPT TO:<max@x.org>",
      "From: <app>",
      "To: <root>, Kim <kim@x.org>, lee@x.org, max@x.org",
    ]);
  },
);

/** Takes one connection and all that it says; gives the text. */
async function talkMail(listener: Deno.TcpListener): Promise<string> {
  using connection = await listener.accept();
  listener.close();
  const answer = (line: string) => connection.write(new TextEncoder().encode(`${line}\r\n`));
  await answer("220 ready");
  let text = "";
  for await (const piece of connection.readable.values({ preventCancel: true })) {
    const said = new TextDecoder().decode(piece);
    text += said;
    const isMail = text.includes("\r\nDATA\r\n") && !said.startsWith("DATA");
    if (said.startsWith("DATA")) await answer("354 go on");
    else if (!isMail || text.endsWith("\r\n.\r\n")) await answer("250 fine");
    if (isMail && text.endsWith("\r\n.\r\n")) break;
  }
  return text;
}

Deno.test("mails that wait go over one connection, in their order", LOOSE, async () => {
  await using server = await MailServer.start();
  class OwnHandler extends SMTPHandler {
    override getSubject(record: { levelname: string }): string {
      return `${record.levelname}\r\nBcc: all@example.org ü`;
    }
  }
  const handler = new OwnHandler(["127.0.0.1", server.port], "a@x.org", "b@x.org", "", [
    "kim",
    "secret",
  ]);
  getLogger().addHandler(handler);
  for (let at = 0; at < 5; at++) getLogger().error("mail %d", at);
  // A computing thread has sent none of them yet.
  assertEquals(server.mails.length, 0);
  await flush();
  getLogger().removeHandler(handler);
  assertEquals(server.mails.map(bodyOf), [0, 1, 2, 3, 4].map((at) => `mail ${at}`));
  assertEquals(server.mails.map(({ user }) => user), Array(5).fill("kim"));
  assertEquals(server.mails.map(({ connection }) => connection), Array(5).fill(1));
  // What the subject says cannot become another head.
  assert(server.mails.every(({ to }) => to.join() === "b@x.org"));
  assertEquals(headOf(server.mails[0]!).Bcc, undefined);
  handler.handle(logRecord("later"));
  await handler.drain();
  assertEquals(server.mails.at(-1)!.connection, 2);
});

Deno.test(
  "a server that takes few mails over a connection gets the others over new ones",
  LOOSE,
  async () => {
    for (const refusal of ["421 too many", "452 too many", undefined]) {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const counts = countMails(listener, 2, refusal);
      const handler = new SMTPHandler(["127.0.0.1", listener.addr.port], "a@x.org", "b@x.org", "s");
      const told = await captureStderr(async () => {
        for (const number of [1, 2, 3, 4, 5]) handler.handle(logRecord(number));
        await handler.drain();
      });
      listener.close();
      assertEquals(told, "");
      assertEquals(await counts, [2, 2, 1]);
    }
  },
);

/** Takes so many mails over each connection; gives their numbers once the listener is closed. */
async function countMails(
  listener: Deno.TcpListener,
  most: number,
  refusal: string | undefined,
): Promise<number[]> {
  const counts: number[] = [];
  const serve = async (connection: Deno.TcpConn, at: number) => {
    const answer = (line: string) => connection.write(new TextEncoder().encode(`${line}\r\n`));
    counts[at] = 0;
    await answer("220 ready");
    for await (const piece of connection.readable.values({ preventCancel: true })) {
      const said = new TextDecoder().decode(piece);
      if (said.endsWith("\r\n.\r\n")) {
        counts[at]++;
        await answer("250 taken");
        if (counts[at] === most && refusal === undefined) break;
      } else if (said.startsWith("DATA")) await answer("354 go on");
      else if (/^[A-Z]{4}/.test(said)) {
        const isRefused = said.startsWith("MAIL") && counts[at] === most;
        await answer(isRefused ? refusal! : "250 fine");
        if (isRefused && refusal!.startsWith("421")) break;
      }
    }
    connection.close();
  };
  for await (const connection of listener) {
    serve(connection, counts.length).catch(() => {});
  }
  return counts;
}

Deno.test("a server that is away, or takes no mail, is told once", LOOSE, async () => {
  await using server = await MailServer.start();
  for (
    const [desc, handler, says] of [
      [
        "away",
        new SMTPHandler(["127.0.0.1", 1], "a@x.org", "b@x.org", "s"),
        /ECONNREFUSED|refused/,
      ],
      [
        "wrong password",
        new SMTPHandler(["127.0.0.1", server.port], "a@x.org", "b@x.org", "s", ["kim", "no"]),
        /Invalid login|no such user/,
      ],
      [
        "a certificate that nobody vouches for",
        new SMTPHandler(
          ["127.0.0.1", server.port],
          "a@x.org",
          "b@x.org",
          "s",
          ["kim", "secret"],
          [],
        ),
        /certificate|self.signed|UnknownIssuer/i,
      ],
    ] as const
  ) {
    const text = await captureStderr(async () => {
      for (const number of [1, 2, 3]) handler.handle(logRecord(number));
      await handler.drain();
      handler.close();
    });
    assertEquals(text.match(/--- Logging error ---/g)?.length, 1, `${desc}: ${text}`);
    assertMatch(text, says);
    assertMatch(text, /logdial: 3 records for 127.0.0.1 were lost/);
  }
  assertEquals(server.mails, []);
});

Deno.test(
  "without STARTTLS at the server nothing is sent that was to be secure",
  LOOSE,
  async () => {
    await using server = await MailServer.start({ disabledCommands: ["STARTTLS"] });
    const handler = new SMTPHandler(["127.0.0.1", server.port], "a@x.org", "b@x.org", "s", [
      "kim",
      "secret",
    ], []);
    const text = await captureStderr(async () => {
      handler.handle(logRecord("secret news"));
      await handler.drain();
      handler.close();
    });
    assertMatch(text, /STARTTLS/);
    assertEquals(server.mails, []);
  },
);

Deno.test("a configuration makes one with Python's arguments", () => {
  fileConfig(`[loggers]
keys=root
[handlers]
keys=mail
[formatters]
keys=
[handler_mail]
class=handlers.SMTPHandler
level=CRITICAL
args=(('localhost', 2525), 'app@x.org', ['kim@x.org', 'lee@x.org'], 'Trouble', ('kim', 'secret'), ())
kwargs={'timeout': 10.0}
[logger_root]
handlers=mail
`);
  const handler = getLogger().handlers[0] as SMTPHandler;
  const { mailhost, mailport, fromaddr, toaddrs, subject, credentials, secure, timeout } = handler;
  assertEquals(
    [mailhost, mailport, fromaddr, toaddrs, subject, credentials, secure, timeout],
    [
      "localhost",
      2525,
      "app@x.org",
      ["kim@x.org", "lee@x.org"],
      "Trouble",
      ["kim", "secret"],
      [],
      10,
    ],
  );
  assertEquals(handler.requiredPermissions(), [{ name: "net", host: "localhost:2525" }]);
  dictConfig({
    version: 1,
    handlers: {
      mail: {
        class: "logging.handlers.SMTPHandler",
        mailhost: "localhost",
        fromaddr: "app@x.org",
        toaddrs: "kim@x.org",
        subject: "Trouble",
      },
    },
    root: { handlers: ["mail"] },
  });
  const other = getLogger().handlers[0] as SMTPHandler;
  assertEquals([other.mailport, other.toaddrs, other.timeout], [undefined, ["kim@x.org"], 5]);
  assertEquals(other.requiredPermissions(), [{ name: "net", host: "localhost:25" }]);
  // As the type of a dict allows, and Python's None.
  assertEquals(new SMTPHandler("localhost", "a", "b", "c", null, null, null).timeout, 5);
  const mail = {
    class: "logging.handlers.SMTPHandler",
    mailhost: "localhost",
    fromaddr: "a",
    toaddrs: "b",
    subject: "c",
  };
  for (
    const [wrong, says] of [
      [{ mailhost: ["localhost"] }, "Cannot send to mailhost ['localhost']: it must be a text"],
      [{ mailhost: ["localhost", 70_000] }, "port 70000: it must be from 0 to 65535"],
      [{ credentials: "kim" }, "credentials: they must be a user and a password"],
      [{ toaddrs: [7] }, "Cannot use toaddrs [7]: it must be an address, or a list of them"],
      [{ secure: true }, "Cannot use secure true: it must be a list of files, maybe empty"],
      [{ timeout: 0 }, "Cannot use timeout 0: it must be a number of seconds above 0"],
      [{ user: "kim" }, 'has no argument "user"'],
    ] as const
  ) {
    const error = assertThrows(
      () => dictConfig({ version: 1, handlers: { mail: { ...mail, ...wrong } as object } }),
      ConfigError,
      says,
    );
    assertEquals(error.section, "handlers.mail");
    assertEquals(error.key, Object.keys(wrong)[0]);
  }
  dictConfig({ version: 1, root: { handlers: [] } });
});

Deno.test("a program with no other permission sends its mails before it ends", async () => {
  await using server = await MailServer.start();
  const module = JSON.stringify(new URL("../../mod.ts", import.meta.url).href);
  const program = `import { getLogger, SMTPHandler } from ${module};
getLogger().addHandler(new SMTPHandler(["localhost", ${server.port}], "a@x.org", "b@x.org", "s"));
getLogger().error("one");
getLogger().error("two");
`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--no-prompt",
        "--quiet",
        ...importFlags(),
        `--allow-net=localhost:${server.port}`,
        file,
      ],
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assertEquals(server.mails.map(bodyOf), ["one", "two"]);
  } finally {
    await Deno.remove(file);
  }
});
