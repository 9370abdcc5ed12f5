import { z } from "zod";
import { defineEvent } from "../event-definition.ts";

export const DataDiscoveredV1 = defineEvent({
  name: "data.discovered",
  version: 1,
  owner: "ingestion",
  consumers: [],
  terminal: "The ingestion service, which has found them, takes them in itself.",
  startsCascade: true,
  summary: "New data were found in a source that the pipeline declares.",
  schema: z.object({ uri: z.string().min(1).max(4200) }),
  example: { uri: "file:///data/inbox/w03.parquet" },
});
