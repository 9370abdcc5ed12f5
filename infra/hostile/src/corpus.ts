import { hostileSettings } from "./configuration/hostile-settings.ts";
import { hostileHosts, hostileNames } from "./dataset-uris/hostile-hosts.ts";
import { hostileUris } from "./dataset-uris/hostile-uris.ts";
import { hostileEvents } from "./events/hostile-events.ts";
import type { HostileInput } from "./hostile-input.ts";
import { hostileRequests } from "./http/hostile-requests.ts";
import { slowClients } from "./http/slow-clients.ts";
import { hostilePipelineFiles } from "./pipeline-files/hostile-pipeline-files.ts";

/** One way into the system, with what is sent that way and the test that sends it. */
export interface Surface {
  readonly name: string;
  /** Within the repository. */
  readonly test: string;
  readonly entries: readonly HostileInput<unknown, unknown>[];
}

const surface = (name: string, test: string, entries: Surface["entries"]): Surface => ({
  name,
  test: `infra/hostile/src/${test}`,
  entries,
});

export const surfaces: readonly Surface[] = [
  surface("events", "events/hostile-events.component.test.ts", hostileEvents),
  surface("pipeline-files", "pipeline-files/hostile-pipeline-files.component.test.ts", hostilePipelineFiles),
  surface("requests", "http/hostile-requests.component.test.ts", hostileRequests),
  surface("slow-clients", "http/slow-clients.component.test.ts", slowClients),
  surface("dataset-uris", "dataset-uris/hostile-uris.component.test.ts", hostileUris),
  surface("dataset-names", "dataset-uris/hostile-hosts.test.ts", hostileNames),
  surface("dataset-hosts", "dataset-uris/hostile-hosts.test.ts", hostileHosts),
  surface("configuration", "configuration/hostile-settings.test.ts", hostileSettings),
];
