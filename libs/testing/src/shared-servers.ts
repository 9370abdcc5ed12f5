import { TestingError } from "./errors.ts";
import type { SharedServers } from "./test-servers.ts";

/** The servers that the global setup of the component tests has started. */
export async function sharedServers(): Promise<SharedServers> {
  // Imported late: outside of a test runner, importing it fails.
  const { inject } = await import("vitest");
  const servers: SharedServers | undefined = inject("cascadeServers");
  if (servers !== undefined) return servers;
  throw new TestingError(
    "SERVERS_NOT_STARTED",
    "No servers are shared in this test project. Name the test *.component.test.ts, or pass the servers of startTestServers().",
  );
}
