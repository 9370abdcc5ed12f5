import { expect, test } from "vitest";
import { shownServers } from "./shown-servers.ts";

test.each([
  ["nats://127.0.0.1:4222", "nats://127.0.0.1:4222"],
  ["nats://ada:lovelace@broker:4222", "nats://broker:4222"],
  ["tls://a-token@broker", "tls://broker"],
  ["ada:love@lace@broker:4222", "broker:4222"],
])("%s is told as %s", (server, shown) => {
  expect(shownServers(server)).toBe(shown);
  expect(shownServers([server, "nats://b"])).toBe(`${shown}, nats://b`);
});
