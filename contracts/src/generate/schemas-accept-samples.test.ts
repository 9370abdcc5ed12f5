import { expect, test } from "vitest";
import { z } from "zod";
import { eventDefinitions } from "../catalogue.ts";
import { Envelope } from "../envelope.ts";
import { examplePipeline } from "../pipeline/example.ts";
import { eventSchema } from "./event-schema.ts";
import { pipelineSchemaFile } from "./pipeline-schema.ts";
import { sampleEvent } from "./sample-event.ts";

test.each(eventDefinitions.map((definition) => definition.type))(
  "the JSON Schema and the golden CloudEvent of %s fit together",
  (type) => {
    const definition = eventDefinitions.find((candidate) => candidate.type === type);
    if (definition === undefined) throw new Error(`${type} is not in the catalogue`);
    const { data, ...envelope } = sampleEvent(definition);
    expect(Envelope.strict().parse(envelope)).toEqual(envelope);
    const published = z.fromJSONSchema({ ...eventSchema(definition) });
    expect(published.safeParse(data).error).toBeUndefined();
    expect(published.safeParse({ ...definition.example, fromTheFuture: 1 }).success).toBe(true);
    expect(published.safeParse({}).success).toBe(definition.schema.safeParse({}).success);
  },
);

test("the JSON Schema of a pipeline accepts the example, and refuses an unknown key", () => {
  const schema = z.fromJSONSchema(JSON.parse(pipelineSchemaFile().content));
  expect(schema.safeParse(examplePipeline).error).toBeUndefined();
  expect(schema.safeParse({ ...examplePipeline, trainning: {} }).success).toBe(false);
  const { pipeline, data, features, training } = examplePipeline;
  expect(schema.safeParse({ pipeline, data, features, training: { task: training.task } }).success).toBe(
    true,
  );
});
