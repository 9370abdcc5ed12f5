import { join } from "node:path";
import { findNatsServer, startPostgres } from "@cascade/local";
import { startPostgresContainer } from "./containers.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** How NATS servers are started: a program on this machine, or a container. */
export type NatsSource =
  | { readonly kind: "binary"; readonly path: string }
  | { readonly kind: "container"; readonly image: string };

/** What all tests of a run share. It crosses process borders, so it is plain data. */
export interface SharedServers {
  readonly postgresAdminUrl: string;
  readonly nats: NatsSource;
}

export interface TestServers extends AsyncDisposable {
  readonly shared: SharedServers;
}

export interface TestServersOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  onProgress?(message: string): void;
}

const postgresImage = "postgres:18-alpine";
const natsImage = "nats:2.12-alpine";

/**
 * Starts the Postgres server that the tests of a run share, each with a database of its own, and finds the NATS
 * server that they start. CASCADE_TEST_CONTAINERS=1 takes both from container images.
 */
export async function startTestServers(options: TestServersOptions): Promise<TestServers> {
  const { environment } = options;
  if (environment.CASCADE_TEST_CONTAINERS === "1") {
    const postgres = await startPostgresContainer(postgresImage);
    return {
      shared: { postgresAdminUrl: postgres.adminUrl, nats: { kind: "container", image: natsImage } },
      [Symbol.asyncDispose]: postgres[Symbol.asyncDispose],
    };
  }
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const { path } = await findNatsServer({
    environment,
    onProgress: (message) => options.onProgress?.(message),
  });
  const postgres = await startPostgres({
    directory: join(directory.path, "postgres"),
    port: 0,
    durable: false,
  });
  stack.defer(() => postgres.stop());
  const owned = stack.move();
  return {
    shared: { postgresAdminUrl: postgres.adminUrl, nats: { kind: "binary", path } },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
