import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { DataFormat } from "../pipeline/data.ts";

export const DataArrivedV1 = defineEvent({
  name: "data.arrived",
  version: 1,
  owner: "outside",
  consumers: ["ingestion"],
  summary: "One file of new data can be fetched.",
  schema: z.object({ uri: z.string().min(1).max(4096), format: DataFormat.optional() }),
  example: { uri: "file:///data/flights-2001-w01.parquet", format: "parquet" },
});
