import { temporaryDirectory } from "@cascade/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptFetch } from "../dataset-uris/ingestion-fetch.ts";
import { spellings } from "../dataset-uris/internal-addresses.ts";

const octet = fc.nat({ max: 255 });
const between = (min: number, max: number) => fc.integer({ min, max });
const at = (...octets: (number | fc.Arbitrary<number>)[]) =>
  fc.tuple(...octets.map((one) => (typeof one === "number" ? fc.constant(one) : one)));

/** Any address of a network that is not of the public internet. */
const internal = fc.oneof(
  at(0, octet, octet, octet),
  at(10, octet, octet, octet),
  at(100, between(64, 127), octet, octet),
  at(127, octet, octet, octet),
  at(169, 254, octet, octet),
  at(172, between(16, 31), octet, octet),
  at(192, 168, octet, octet),
  at(198, between(18, 19), octet, octet),
  at(between(224, 255), octet, octet, octet),
);

const decorations = fc.record({
  scheme: fc.constantFrom(
    "http://",
    "https://",
    "HTTP://",
    "http:/",
    "http:",
    "http:\\\\",
    " http://",
    "http:////",
  ),
  user: fc.constantFrom("", "", "", "@", "ada@", "example.org@", "a:b@"),
  port: fc.constantFrom("", ":80", ":4222", ":65535"),
  path: fc.constantFrom("/a.csv", "", "?a=b", "#@example.org/", "\\@example.org/a.csv", "/%2e%2e/a.csv"),
});

test("no address of an internal network is fetched from, however it is spelt and decorated", async () => {
  await using folder = await temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(
      internal,
      fc.constantFrom(...Object.values(spellings)),
      decorations,
      async (octets, spell, around) => {
        const uri = `${around.scheme}${around.user}${spell(octets)}${around.port}${around.path}`;
        const outcome = await attemptFetch({
          uri,
          target: `${folder.path}/never`,
          // What is no number to us may be one to the resolver of the machine.
          addresses: [octets.join(".")],
          allowPrivateHosts: false,
        });
        expect(outcome).toBe("URI_REFUSED");
      },
    ),
    { numRuns: 1000 },
  );
});
