import { eventDefinitions, isPipelineName, subjectOf } from "@cascade/contracts";
import { decode, encodeBinary, MalformedEventError } from "@cascade/messaging";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits, edits } from "./mutate.ts";

const limits = { payloadBytesMax: 512 * 1024, depthMax: 64, headerBytesMax: 16 * 1024 };
const pieces = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "null",
  "1e999",
  "9007199254740993",
  '"__proto__":1,',
  "\u0000",
  "%",
  "%zz",
  "\ufeff",
];

/** The golden sample of an event as a message, each part of which is text. */
const samples = eventDefinitions.map((definition) => {
  const subject = subjectOf(definition, "flights");
  const source = "/services/any";
  const envelope = {
    specversion: "1.0",
    id: "id-1",
    type: definition.type,
    source,
    subject: "flights",
  } as const;
  const { headers, payload } = encodeBinary({ envelope, data: definition.example });
  return { subject, headers, payload: new TextDecoder().decode(payload) };
});

const messages = fc.record({
  sample: fc.constantFrom(...samples),
  payload: fc.option(edits(pieces)),
  header: fc.option(fc.tuple(fc.nat({ max: 9 }), edits(pieces))),
  dropped: fc.option(fc.nat({ max: 9 })),
  subject: fc.option(edits(["*", ">", ".", " ", "$JS", "v99"])),
  bytes: fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ maxLength: 4 }))),
});

test("a golden sample with some changes is an event that agrees with its subject, or malformed", () => {
  fc.assert(
    fc.property(messages, ({ sample, payload, header, dropped, subject, bytes }) => {
      const text = payload === null ? sample.payload : applyEdits(sample.payload, payload);
      const encoded = Buffer.from(text);
      if (bytes !== null) {
        const [share, others] = bytes;
        const at = Math.floor(share * encoded.length);
        encoded.set(others.subarray(0, encoded.length - at), at);
      }
      const headers = sample.headers.flatMap(([name, value], index): [string, string][] => {
        if (index === dropped) return [];
        return [[name, header !== null && header[0] === index ? applyEdits(value, header[1]) : value]];
      });
      const natsSubject = subject === null ? sample.subject : applyEdits(sample.subject, subject);
      try {
        const { envelope } = decode({ subject: natsSubject, headers, payload: encoded }, limits);
        expect(`${envelope.type}.${envelope.subject}`).toBe(natsSubject);
        expect(isPipelineName(envelope.subject)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
    { numRuns: 3000 },
  );
  expect(Object.prototype).not.toHaveProperty("polluted");
});
