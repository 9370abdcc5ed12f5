import { describe, expect, test } from "vitest";
import { redact, secretsOf } from "./redact.ts";

describe("what is taken out of a log", () => {
  test.each([
    ["a password in a URL", "postgres://ada:lovelace@db/x", "postgres://[redacted]@db/x"],
    ["a bearer token", "Authorization: Bearer abcdefgh12345", "Authorization: Bearer [redacted]"],
    ["an assigned password", "password=hunter22 user=ada", "password=[redacted] user=ada"],
    ["a key in JSON", '{"api_key": "abc123"}', '{"api_key": "[redacted]"}'],
    ["a cloud access key", "using AKIAABCDEFGHIJKLMNOP now", "using [redacted] now"],
    [
      "a private key",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nnext",
      "[redacted]\nnext",
    ],
  ])("%s", (_, text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });

  test("the values of variables that are secret by their name, wherever they stand", () => {
    const secrets = secretsOf({ HUB_TOKEN: "abcd-1234", GREETING: "hello", EMPTY_SECRET: "" });
    expect(secrets).toEqual(["abcd-1234"]);
    expect(redact("hello xabcd-1234x", secrets)).toBe("hello x[redacted]x");
  });
});

test.each([
  "epoch 3: loss 0.53, accuracy 0.81",
  "ModuleNotFoundError: No module named 'sklearn'",
  "https://example.com/a@b",
  "12 keys loaded from keys.csv",
])("ordinary lines stay as they are: %s", (line) => {
  expect(redact(line, [])).toBe(line);
});
