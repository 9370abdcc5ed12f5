import { openDatabase } from "@cascade/postgres";
import { z } from "zod";
import { connectBroker } from "../broker/connect.ts";
import { crashPointFrom } from "../crash-point.ts";
import { noLog } from "../observer.ts";
import { startMessaging } from "../runtime/start-messaging.ts";
import { MessagingSettings } from "../settings.ts";
import { effectJob, jobReactions } from "./effect-job.ts";
import { effectsReaction, fastSettings, idleReaction } from "./world-for-test.ts";

// A replica of the tested service in a process of its own, so that it can really die at a crash point.
const environment = z
  .object({
    NATS_URL: z.string(),
    DATABASE_URL: z.string(),
    CASCADE_CRASH: z.string().optional(),
    WITH_JOB: z.string().optional(),
  })
  .parse(process.env);

const withJob = environment.WITH_JOB === "true";
await startMessaging({
  service: "validation",
  connection: await connectBroker({ servers: environment.NATS_URL, name: "child", log: noLog }),
  database: openDatabase({
    url: environment.DATABASE_URL,
    schema: "validation",
    applicationName: "child",
    onError: () => {},
  }),
  reactions: [...(withJob ? jobReactions : [effectsReaction]), idleReaction],
  jobs: withJob ? [effectJob] : [],
  deps: {},
  settings: MessagingSettings.parse(fastSettings),
  log: noLog,
  crash: crashPointFrom(environment.CASCADE_CRASH),
});
process.send?.("started");
