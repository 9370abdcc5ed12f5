import type { TestProject } from "vitest/node";
import { type SharedServers, startTestServers } from "./test-servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    cascadeServers: SharedServers;
  }
}

/** Starts what all component tests of a run share; vitest calls what is returned at the end of the run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startTestServers({
    environment: process.env,
    onProgress: (message) => process.stderr.write(`${message}\n`),
  });
  project.provide("cascadeServers", servers.shared);
  return async () => await servers[Symbol.asyncDispose]();
}
