import { bombs } from "./bombs/bombs.ts";
import { hostileSettings } from "./configuration/hostile-settings.ts";
import { hostileHosts, hostileNames } from "./dataset-uris/hostile-hosts.ts";
import { hostileUris } from "./dataset-uris/hostile-uris.ts";
import { hostileEvents } from "./events/hostile-events.ts";
import type { HostileInput } from "./hostile-input.ts";
import { hostileRequests } from "./http/hostile-requests.ts";
import { slowClients } from "./http/slow-clients.ts";
import { answers } from "./models/answers.ts";
import { foreignFiles } from "./models/foreign-files.ts";
import { giants } from "./models/giants.ts";
import { hostileGraphs } from "./models/hostile-graphs.ts";
import { hostilePipelineFiles } from "./pipeline-files/hostile-pipeline-files.ts";
import { csvBytes } from "./tables/csv-bytes.ts";
import { csvNames } from "./tables/csv-names.ts";
import { csvShapes } from "./tables/csv-shapes.ts";
import { csvValues } from "./tables/csv-values.ts";
import { jsonLines } from "./tables/json-lines.ts";
import { parquetFiles } from "./tables/parquet-files.ts";
import { sqlExpressions } from "./tables/sql-expressions.ts";
import { trainerOutputs } from "./trainers/trainer-outputs.ts";
import { trainerPrograms } from "./trainers/trainer-programs.ts";

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
  surface("csv-shapes", "tables/hostile-tables.test.ts", csvShapes),
  surface("csv-bytes", "tables/hostile-tables.test.ts", csvBytes),
  surface("csv-names", "tables/hostile-tables.test.ts", csvNames),
  surface("csv-values", "tables/hostile-tables.test.ts", csvValues),
  surface("json-lines", "tables/hostile-tables.test.ts", jsonLines),
  surface("parquet", "tables/hostile-tables.test.ts", parquetFiles),
  surface("expressions", "tables/hostile-tables.test.ts", sqlExpressions),
  surface("model-graphs", "models/hostile-models.test.ts", hostileGraphs),
  surface("model-giants", "models/hostile-models.test.ts", giants),
  surface("foreign-models", "models/hostile-models.test.ts", foreignFiles),
  surface("model-answers", "models/answers.test.ts", answers),
  surface("trainer-outputs", "trainers/trainer-outputs.test.ts", trainerOutputs),
  surface("trainer-programs", "trainers/trainer-programs.test.ts", trainerPrograms),
  surface("bombs", "bombs/bombs.test.ts", bombs),
];
