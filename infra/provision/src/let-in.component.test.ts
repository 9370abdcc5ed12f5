import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findNatsServer, startNats } from "@cascade/local";
import { type BrokerAccess, connectBroker, noLog } from "@cascade/messaging";
import { temporaryDirectory } from "@cascade/testing";
import { createUser } from "@nats-io/nkeys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrokerForTest, brokerForTest } from "./testing/broker-for-test.ts";

let broker: BrokerForTest;
beforeAll(async () => {
  broker = await brokerForTest();
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
});

const connectWith = async (access: BrokerAccess) => {
  const connection = await connectBroker({ ...access, name: "registry", log: noLog });
  await connection.close();
};

test("without credentials one is told which setting is missing", async () => {
  const attempt = connectWith({ servers: broker.url });
  await expect(attempt).rejects.toMatchObject({ code: "BROKER_CREDENTIALS_REFUSED" });
  await expect(attempt).rejects.toThrow(/asks for credentials. Set CASCADE_NATS_NKEY_FILE/);
});

test("credentials of another server are refused by the name of their file, and never shown", async () => {
  await using directory = await temporaryDirectory();
  const nkeyFile = join(directory.path, "other.nk");
  const seed = new TextDecoder().decode(createUser().getSeed());
  await writeFile(nkeyFile, seed);
  const refused: unknown = await connectWith({ servers: broker.url, nkeyFile }).catch((error) => error);
  expect(refused).toMatchObject({
    code: "BROKER_CREDENTIALS_REFUSED",
    message: expect.stringContaining("other.nk"),
  });
  expect(String(refused)).not.toContain(seed);
});

test.each([
  [
    "a missing file",
    { nkeyFile: "/nowhere/key.nk" },
    /\/nowhere\/key\.nk cannot be read.*CASCADE_NATS_NKEY_FILE/,
  ],
  ["a seed that is none", { nkeySeed: "hush-hush" }, /no nkey seed of a user in CASCADE_NATS_NKEY:/],
  ["two kinds at once", { nkeySeed: "x", credsFile: "y" }, /Several credentials/],
  ["a missing CA", { tls: { caFile: "/nowhere/ca.pem" } }, /\/nowhere\/ca\.pem.*CASCADE_NATS_TLS_CA/],
])("%s is told before anything is connected", async (_, access, message) => {
  const attempt = connectWith({ servers: broker.url, ...access });
  await expect(attempt).rejects.toMatchObject({ code: "BROKER_CREDENTIALS_UNUSABLE" });
  await expect(attempt).rejects.toThrow(message);
  await expect(attempt).rejects.not.toThrow(/hush/);
});

/** An authority of the test's own, and what it has signed. For an address without a name the client checks `localhost`. */
async function makeAuthority(folder: string, name: string) {
  const run = promisify(execFile);
  const at = (file: string) => join(folder, `${name}-${file}`);
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"],
    ...["-subj", `/CN=${name}`, "-keyout", at("ca.key"), "-out", at("ca.pem")],
  ]);
  const sign = async (whose: string, usage: string) => {
    await run("openssl", [
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-subj", `/CN=${whose}`, "-keyout", at(`${whose}.key`), "-out", at(`${whose}.csr`)],
    ]);
    await writeFile(
      at("extensions"),
      `subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=${usage}\n`,
    );
    await run("openssl", [
      ...["x509", "-req", "-in", at(`${whose}.csr`), "-CA", at("ca.pem"), "-CAkey", at("ca.key")],
      ...["-CAcreateserial", "-days", "1", "-extfile", at("extensions"), "-out", at(`${whose}.pem`)],
    ]);
    return { certFile: at(`${whose}.pem`), keyFile: at(`${whose}.key`) };
  };
  return {
    caFile: at("ca.pem"),
    server: await sign("server", "serverAuth"),
    client: await sign("client", "clientAuth"),
  };
}

test("where TLS is wanted, a server without it is not spoken to", async () => {
  await using directory = await temporaryDirectory();
  const { caFile } = await makeAuthority(directory.path, "ours");
  const attempt = connectWith({ ...broker.access("registry"), tls: { caFile } });
  await expect(attempt).rejects.toMatchObject({ code: "BROKER_TLS_FAILED" });
});

test("a server with TLS is believed where its authority is trusted, and refused with a reason elsewhere", async () => {
  await using directory = await temporaryDirectory();
  const ours = await makeAuthority(directory.path, "ours");
  const other = await makeAuthority(directory.path, "other");
  const { path: binary } = await findNatsServer({ environment: process.env });
  const nats = await startNats({
    directory: join(directory.path, "nats"),
    port: 0,
    binary,
    durable: false,
    settings: { tls: { cert_file: ours.server.certFile, key_file: ours.server.keyFile } },
    probeCa: await readFile(ours.caFile, "utf8"),
  });
  try {
    await connectWith({ servers: nats.url, tls: { caFile: ours.caFile } });
    await connectWith({ servers: nats.url, tls: { caFile: ours.caFile, ...ours.client } });
    for (const tls of [{ caFile: other.caFile }, undefined]) {
      const refused = connectWith({ servers: nats.url, tls });
      await expect(refused).rejects.toMatchObject({ code: "BROKER_TLS_FAILED" });
      await expect(refused).rejects.toThrow(/CASCADE_NATS_TLS_CA must name/);
    }
  } finally {
    await nats.stop();
  }
});
