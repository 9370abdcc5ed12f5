import { Parser } from "@asyncapi/parser";
import { expect, test } from "vitest";
import { eventDefinitions } from "../catalogue.ts";
import { asyncApiFile } from "./asyncapi.ts";
import { consumersOf } from "./parties.ts";

const { content } = asyncApiFile(eventDefinitions);
const { document, diagnostics } = await new Parser().parse(content);

test("the AsyncAPI parser has no complaint", () => {
  expect(diagnostics).toEqual([]);
});

test("each event is a channel, sent by its owner and received by each consumer", () => {
  const operations = document?.operations().all() ?? [];
  expect(document?.channels().all()).toHaveLength(eventDefinitions.length);
  for (const definition of eventDefinitions) {
    const ids = operations
      .map((operation) => operation.id())
      .filter((id) => id?.endsWith(`.${definition.type}`));
    expect(ids.toSorted()).toEqual(
      [
        `${definition.owner}.send.${definition.type}`,
        ...consumersOf(definition).map((consumer) => `${consumer}.receive.${definition.type}`),
      ].toSorted(),
    );
  }
});

test("each message has the CloudEvents headers and its own payload", () => {
  for (const message of document?.messages().all() ?? []) {
    const headers = message.headers()?.json();
    expect(headers).toMatchObject({ required: expect.arrayContaining(["ce-id", "ce-type", "ce-source"]) });
    expect(message.payload()?.json()).toMatchObject({ type: "object" });
  }
});
