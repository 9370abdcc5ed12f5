import { expect, test } from "vitest";
import { redactor, secretsIn } from "./redact.ts";

const hide = (environment: Record<string, string>, text: string) => redactor(secretsIn(environment))(text);

test.each<[string, Record<string, string>, string, string]>([
  [
    "the password of the database, wherever it stands",
    { CASCADE_POSTGRES_URL: "postgres://ada:love%2Flace@db/x" },
    "love%2Flace, love/lace",
    "[redacted], [redacted]",
  ],
  ["an nkey seed", { CASCADE_NATS_NKEY: "SUABCDEF" }, "seed SUABCDEF is wrong", "seed [redacted] is wrong"],
  [
    "a token for training programs",
    { CASCADE_TRAINER_ENVIRONMENT: '{"HUB_TOKEN":"abcd-1234","LANG":"C.UTF-8"}' },
    "abcd-1234 C.UTF-8",
    "[redacted] C.UTF-8",
  ],
  [
    "the headers for a collector of traces",
    { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer xyz123,x-team=mlops" },
    "sent Bearer xyz123",
    "sent [redacted]",
  ],
  [
    "a secret that JSON writes in another way",
    { CASCADE_S3_SECRET: 'a"b\\c' },
    JSON.stringify({ message: 'a"b\\c' }),
    '{"message":"[redacted]"}',
  ],
  ["a password in an address that is not ours", {}, "nats://bob:builder@host", "nats://[redacted]@host"],
])("%s is hidden", (_, environment, text, expected) => {
  expect(hide(environment, text)).toBe(expected);
});

test("the name of a file that holds a secret is told, and so is everything else", () => {
  const environment = {
    CASCADE_NATS_NKEY_FILE: "/run/secrets/nkey",
    CASCADE_NATS_TLS_KEY: "/run/tls.key",
    CASCADE_POSTGRES_URL: "postgres://ada@db/x",
  };
  const text = "/run/secrets/nkey cannot be read; see /run/tls.key; postgres://ada@db/x at 12:30";
  expect(hide(environment, text)).toBe(text);
});
