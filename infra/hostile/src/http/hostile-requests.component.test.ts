import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { strangeInference, strangePrediction } from "../fuzzing/strange-bodies.ts";
import { type AttackedServices, startAttackedServices } from "./attacked-services.ts";
import { hostileRequests } from "./hostile-requests.ts";
import { answered, goodRow, type HttpAnswer, inferPath, predict, predictPath } from "./http-case.ts";
import { type RawAnswer, sendRaw } from "./send-raw.ts";

const hostilePerNeighbour = 10;
const grownBytesMax = 512 * 1024 * 1024;

let services: AttackedServices;
beforeAll(async () => {
  services = await startAttackedServices();
});
afterAll(() => services[Symbol.asyncDispose]());

/** What an answer says, and in which form. */
function read({ status, contentType, body }: RawAnswer): HttpAnswer {
  if (status === answered.status) return answered;
  if (!contentType.endsWith("json"))
    return { status, code: `no JSON but ${contentType} ${body.slice(0, 100)}` };
  const told: Readonly<Record<string, unknown>> = JSON.parse(body);
  if (contentType === "application/problem+json") return { status, code: String(told.code) };
  const isInferenceError = Object.keys(told).join() === "error";
  return { status, code: isInferenceError ? "inference-error" : body.slice(0, 100) };
}

test("each hostile request is answered as it should be, and those between them get their prediction", async () => {
  const globals = Object.getOwnPropertyNames(Object.prototype);
  const before = process.memoryUsage().rss;
  const otherwise: unknown[] = [];
  for (const [index, { name, input, wanted }] of hostileRequests.entries()) {
    const answer = await sendRaw(services[input.service].running.url, input.request);
    const told = read(answer);
    if (told.status !== wanted.status || told.code !== wanted.code) {
      otherwise.push({ name, wanted, told, body: answer.body.slice(0, 300) });
    }
    if (index % hostilePerNeighbour !== 0) continue;
    const neighbour = await sendRaw(services.serving.running.url, predict([goodRow]).request);
    if (!neighbour.body.includes('"prediction":10')) otherwise.push({ after: name, neighbour });
  }
  expect(otherwise).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(grownBytesMax);
  for (const service of ["serving", "registry", "deployment", "monitoring"] as const) {
    expect(await services[service].running.problems(), service).toEqual([]);
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(globals);
});

test("whatever JSON is asked, the answer is a prediction or a refusal", async () => {
  const statusOf = async (path: string, body: string) => {
    const headers = { "content-type": "application/json" };
    const url = new URL(path, services.serving.running.url);
    const response = await fetch(url, { method: "POST", headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const isAnswer = (status: number) => status === 200 || (status >= 400 && status < 500);
  for (const [path, bodies] of [
    [predictPath, strangePrediction],
    [inferPath, strangeInference],
  ] as const) {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => isAnswer(await statusOf(path, body))),
      { numRuns: 300 },
    );
  }
});
