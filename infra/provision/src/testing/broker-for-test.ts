import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { defaultParties, type OutsideParty } from "@cascade/contracts";
import { findNatsServer, startNats } from "@cascade/local";
import { type BrokerAccess, connectBroker, noLog } from "@cascade/messaging";
import { temporaryDirectory } from "@cascade/testing";
import { connect, type NatsConnection, nkeyAuthenticator } from "@nats-io/transport-node";
import { brokerConfig } from "../broker-config.ts";
import { inFolder, openCredentials } from "../credentials.ts";
import { provisionBroker } from "../provision-broker.ts";

export interface BrokerForTest extends AsyncDisposable {
  readonly url: string;
  /** Loses everything, and is there again at the same address. */
  forget(): Promise<void>;
  access(user: string): BrokerAccess;
  /** Connects as one of our own users. */
  connect(user: string): Promise<NatsConnection>;
  /** The seed of an outside party. */
  seedOfParty(name: string): Promise<Uint8Array>;
  /** Connects as an outside party would: with a seed, and else the defaults of the client. */
  connectParty(name: string): Promise<NatsConnection>;
}

/** A broker with accounts and all streams, as a stack has it. */
export async function brokerForTest(
  parties: readonly OutsideParty[] = defaultParties,
): Promise<BrokerForTest> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const credentials = await openCredentials({ parties, fileOf: inFolder(join(directory.path, "keys")) });
  const { path: binary } = await findNatsServer({ environment: process.env });
  const nats = await startNats({
    directory: join(directory.path, "nats"),
    port: 0,
    binary,
    durable: false,
    settings: brokerConfig(parties, credentials),
    probeSeed: (await readFile(credentials.fileOf("provisioner"), "utf8")).trim(),
  });
  stack.defer(() => nats.kill());
  const access = (user: string) => ({ servers: nats.url, nkeyFile: credentials.fileOf(user) });
  await provisionBroker(access("provisioner"), parties);
  const owned = stack.move();
  const seedOfParty = async (name: string) => {
    const seed = await readFile(credentials.fileOfParty(name), "utf8");
    return new TextEncoder().encode(seed.trim());
  };
  const connectWith = async (connecting: Promise<NatsConnection>) => {
    const connection = await connecting;
    owned.defer(() => connection.close());
    return connection;
  };
  return {
    url: nats.url,
    forget: async () => {
      await nats.kill();
      await rm(join(directory.path, "nats", "store"), { recursive: true });
      await nats.restart();
    },
    access,
    connect: (user) => connectWith(connectBroker({ ...access(user), name: user, log: noLog })),
    seedOfParty,
    connectParty: async (name) => {
      const authenticator = nkeyAuthenticator(await seedOfParty(name));
      return await connectWith(connect({ servers: nats.url, authenticator, reconnect: false }));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
