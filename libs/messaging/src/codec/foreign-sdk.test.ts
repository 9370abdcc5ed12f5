import { HTTP, type Message, CloudEvent as SdkEvent } from "cloudevents";
import { expect, test } from "vitest";
import { bytesOf, envelope, limits, natsSubject } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";
import { encodeBinary } from "./encode-binary.ts";

// The SDK has no NATS binding, but its structured HTTP messages have the shape of those on NATS.

const data = { uri: "file:///data/wöche 1.parquet", format: "parquet" };

function textOf(message: Message<unknown>): string {
  return typeof message.body === "string" ? message.body : JSON.stringify(message.body);
}

test("an event that the CloudEvents SDK writes is read", () => {
  const event = new SdkEvent({ ...envelope, correlationid: "root", data, comexample: "kept by others" });
  const message = HTTP.structured(event);
  const decoded = decode(
    {
      headers: Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
      payload: bytesOf(textOf(message)),
      subject: natsSubject,
    },
    limits,
  );
  expect(decoded).toEqual({
    envelope: { ...envelope, correlationid: "root", time: event.time },
    data,
  });
});

test("an event that we write is read by the CloudEvents SDK", () => {
  const { headers, payload } = encodeBinary({
    envelope: { ...envelope, time: "2026-03-01T06:00:00.000Z", causationid: "cause" },
    data,
  });
  // In HTTP the type of the data is the Content-Type; everything else has the same form.
  const overHttp = headers.map(([name, value]) => [
    name === "ce-datacontenttype" ? "content-type" : name,
    value,
  ]);
  const read = HTTP.toEvent({
    headers: Object.fromEntries(overHttp),
    body: new TextDecoder().decode(payload),
  });
  expect(read).toMatchObject({
    ...envelope,
    time: "2026-03-01T06:00:00.000Z",
    causationid: "cause",
    datacontenttype: "application/json",
    data,
  });
});
