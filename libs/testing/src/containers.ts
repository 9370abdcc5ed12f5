import { randomBytes } from "node:crypto";
import { chooseFreePort } from "@cascade/local";
import { connect } from "@nats-io/transport-node";
import pg from "pg";
import { TestingError } from "./errors.ts";
import { eventually } from "./eventually.ts";
import type { TestNats } from "./test-nats.ts";

const natsPort = 4222;
const postgresPort = 5432;
const startupTimeoutMs = 120_000;

export interface PostgresContainer extends AsyncDisposable {
  readonly adminUrl: string;
}

/** A Postgres server in a container, without durability. */
export async function startPostgresContainer(image: string): Promise<PostgresContainer> {
  // Imported late: most runs use no containers, and this library is slow to load.
  const { GenericContainer } = await import("testcontainers");
  const password = randomBytes(12).toString("hex");
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withCommand(["postgres", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"])
    .withExposedPorts(postgresPort)
    .withStartupTimeout(startupTimeoutMs)
    .start();
  const address = `${container.getHost()}:${container.getMappedPort(postgresPort)}`;
  const adminUrl = `postgres://postgres:${password}@${address}/postgres`;
  try {
    // The image starts the server twice, and the first one listens on no port.
    await eventually(() => answersAsPostgres(adminUrl), {
      describe: `${image} to answer`,
      timeoutMs: startupTimeoutMs,
    });
  } catch (error) {
    await container.stop();
    throw error;
  }
  return {
    adminUrl,
    [Symbol.asyncDispose]: async () => {
      await container.stop();
    },
  };
}

/** A NATS server in a container, with the same controls as one on this machine. */
export async function startNatsContainer(image: string, durable: boolean): Promise<TestNats> {
  const { GenericContainer, getContainerRuntimeClient } = await import("testcontainers");
  // A port chosen by the engine would change with each start of the container.
  const hostPort = await chooseFreePort("127.0.0.1");
  const container = await new GenericContainer(image)
    .withCopyContentToContainer([{ content: configOf(durable), target: "/etc/cascade-test.conf" }])
    .withCommand(["--config", "/etc/cascade-test.conf"])
    .withExposedPorts({ container: natsPort, host: hostPort })
    .withStartupTimeout(startupTimeoutMs)
    .start();
  const url = `nats://${container.getHost()}:${hostPort}`;
  const ready = () =>
    eventually(() => answersAsJetStream(url), {
      describe: `${image} to answer`,
      timeoutMs: startupTimeoutMs,
    });
  const runtime = await getContainerRuntimeClient();
  const engine = runtime.container.getById(container.getId());
  const remove = () => engine.remove({ force: true, v: true });
  try {
    await ready();
  } catch (error) {
    await remove();
    throw error;
  }
  const isRunning = async () => (await engine.inspect()).State.Running;
  return {
    url,
    stop: async () => {
      if (await isRunning()) await engine.stop();
    },
    kill: async () => {
      if (await isRunning()) await engine.kill();
    },
    pause: () => engine.pause(),
    resume: () => engine.unpause(),
    restart: async () => {
      await engine.restart();
      await ready();
    },
    copyStore: async () => {
      throw new TestingError(
        "NOT_FOR_CONTAINERS",
        "The store of a server in a container cannot be exchanged; run this test without CASCADE_TEST_CONTAINERS.",
      );
    },
    [Symbol.asyncDispose]: remove,
  };
}

function configOf(durable: boolean): string {
  // How often to flush can be set in a configuration file only.
  const jetstream = { store_dir: "/tmp/jetstream", sync_interval: durable ? "always" : "2m" };
  return JSON.stringify({ port: natsPort, jetstream });
}

async function answersAsPostgres(url: string): Promise<true> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } finally {
    await client.end();
  }
}

async function answersAsJetStream(url: string): Promise<true> {
  const connection = await connect({ servers: url, reconnect: false, timeout: 2000 });
  try {
    await connection.request("$JS.API.INFO", undefined, { timeout: 2000 });
    return true;
  } finally {
    await connection.close();
  }
}
