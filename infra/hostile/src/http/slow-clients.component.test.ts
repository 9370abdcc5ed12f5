import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importService } from "../import-service.ts";
import { requestTo } from "./http-case.ts";
import { readAnswer, sendRaw } from "./send-raw.ts";
import { late, type SlowClient, slowClients } from "./slow-clients.ts";

const connectionsMax = 40;
const dripEveryMs = 20;

const stack = new AsyncDisposableStack();
let serving: ServiceUnderTest;
beforeAll(async () => {
  const folder = stack.use(await temporaryDirectory());
  serving = stack.use(
    await startForTest(await importService("serving"), {
      CASCADE_ARTIFACTS_URL: pathToFileURL(folder.path).href,
      CASCADE_HTTP_REQUEST_TIMEOUT_MS: "1000",
      CASCADE_HTTP_CONNECTIONS_MAX: String(connectionsMax),
    }),
  );
});
afterAll(() => stack.disposeAsync());

function open(): Socket {
  const { hostname, port } = new URL(serving.running.url);
  // What is written after the service has closed is an error, and is meant.
  return connect(Number(port), hostname).on("error", () => {});
}

/** Keeps on writing until the service closes the connection; returns what it has said. */
async function dripUntilClosed({ begin, drip }: SlowClient): Promise<string> {
  const socket = open();
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  socket.write(begin);
  const dripping = setInterval(() => socket.write(drip), dripEveryMs);
  await once(socket, "close");
  clearInterval(dripping);
  return received;
}

const health = async () => (await sendRaw(serving.running.url, requestTo("/healthz"))).status;

test("clients that never come to an end are given up, and others are answered meanwhile", async () => {
  const givenUp = slowClients.map(async ({ name, input, wanted }) => {
    const received = await dripUntilClosed(input);
    if (wanted === "closed" && received === "") return;
    const { status, body } = readAnswer(received);
    expect({ status, code: JSON.parse(body).code }, name).toEqual(late);
  });
  expect(await health()).toBe(200);
  await Promise.all(givenUp);
});

test("connections beyond the limit get no answer, and once they are gone others do", async () => {
  let answers = 0;
  let closed = 0;
  const request = requestTo("/healthz", { headers: { connection: "keep-alive" } });
  const sockets = Array.from({ length: 2 * connectionsMax }, open);
  for (const socket of sockets) {
    socket.once("data", () => {
      answers += 1;
    });
    socket.once("close", () => {
      closed += 1;
    });
    socket.write(request);
  }
  await eventually(() => answers + closed === sockets.length, { describe: "an end of all of them" });
  expect(answers).toBe(connectionsMax);
  for (const socket of sockets) socket.destroy();
  await eventually(async () => (await health()) === 200, { describe: "an answer" });
});
