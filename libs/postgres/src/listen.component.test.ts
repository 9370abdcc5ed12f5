import { eventually, testDatabase, testProxy } from "@cascade/testing";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";

function open(url: string, lost: Error[] = []) {
  const database = openDatabase({
    url,
    schema: "public",
    applicationName: "test",
    onError: (error) => lost.push(error),
  });
  return { ...database, [Symbol.asyncDispose]: database.close };
}

test("what is notified on a channel arrives, and nothing of other channels or after closing", async () => {
  await using server = await testDatabase();
  await using database = open(server.adminUrl);
  const heard: (string | undefined)[] = [];
  const listener = await database.listen("Outbox", (payload) => heard.push(payload));
  await database.query(`select pg_notify('other', 'no'), pg_notify('Outbox', '1'), pg_notify('Outbox', '')`);
  await eventually(() => heard.length === 2, { describe: "two notifications" });
  expect(heard).toEqual(["1", ""]);
  await listener.close();
  const { rows } = await database.query("select 1 from pg_stat_activity where query like 'listen%'");
  expect(rows).toEqual([]);
});

test("a broken connection is opened again, and the listener is told that it may have missed something", async () => {
  await using server = await testDatabase();
  await using proxy = await testProxy(server.adminUrl);
  const lost: Error[] = [];
  await using viaProxy = open(proxy.url, lost);
  await using direct = open(server.adminUrl);
  const heard: (string | undefined)[] = [];
  const listener = await viaProxy.listen("outbox", (payload) => heard.push(payload));
  proxy.cut();
  await eventually(() => lost.length >= 2, { describe: "the loss and a failed attempt to be reported" });
  proxy.restore();
  await eventually(() => heard.length === 1, { describe: "the connection to be back" });
  await direct.query(`select pg_notify('outbox', 'after')`);
  await eventually(() => heard.length === 2, { describe: "the notification" });
  expect(heard).toEqual([undefined, "after"]);
  await listener.close();
});

test("a listener can be closed while its server is away", async () => {
  await using server = await testDatabase();
  await using proxy = await testProxy(server.adminUrl);
  const lost: Error[] = [];
  await using database = open(proxy.url, lost);
  const listener = await database.listen("outbox", () => {});
  proxy.cut();
  await eventually(() => lost.length >= 2, { describe: "the loss and a failed attempt to be reported" });
  await listener.close();
});

test("a listener that throws is reported and goes on listening", async () => {
  await using server = await testDatabase();
  const lost: Error[] = [];
  await using database = open(server.adminUrl, lost);
  const heard: (string | undefined)[] = [];
  const listener = await database.listen("outbox", (payload) => {
    heard.push(payload);
    throw new Error(`cannot take ${payload}`);
  });
  await database.query(`select pg_notify('outbox', '1'), pg_notify('outbox', '2')`);
  await eventually(() => heard.length === 2, { describe: "two notifications" });
  expect(lost.map((error) => error.message)).toEqual(["cannot take 1", "cannot take 2"]);
  await listener.close();
});

test("listening to a server that is away fails at once", async () => {
  await using server = await testDatabase();
  await using proxy = await testProxy(server.adminUrl);
  proxy.cut();
  await using database = open(proxy.url);
  await expect(database.listen("outbox", () => {})).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
});
