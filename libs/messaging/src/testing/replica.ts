import { openDatabase } from "@cascade/postgres";
import { z } from "zod";
import { connectBroker } from "../broker/connect.ts";
import { crashPointFrom } from "../crash-point.ts";
import { noLog } from "../observer.ts";
import { startMessaging } from "../runtime/start-messaging.ts";
import { MessagingSettings } from "../settings.ts";
import { effectJob, jobReactions } from "./effect-job.ts";
import { nextEffectsReaction } from "./next-build.ts";
import { effectsReaction, fastSettings, idleReaction } from "./world-for-test.ts";

// A replica of the tested service in a process of its own, so that it can really die at a crash point.
const environment = z
  .object({
    NATS_URL: z.string(),
    DATABASE_URL: z.string(),
    CASCADE_CRASH: z.string().optional(),
    WITH_JOB: z.string().optional(),
    BUILD: z.enum(["this", "next"]).default("this"),
  })
  .parse(process.env);

const withJob = environment.WITH_JOB === "true";
const effects = environment.BUILD === "next" ? nextEffectsReaction : effectsReaction;
const connection = await connectBroker({ servers: environment.NATS_URL, name: "child", log: noLog });
const database = openDatabase({
  url: environment.DATABASE_URL,
  schema: "validation",
  // The database can tell by it who has written a row.
  applicationName: environment.BUILD,
  onError: () => {},
});
const messaging = await startMessaging({
  service: "validation",
  connection,
  database,
  reactions: [...(withJob ? jobReactions : [effects]), idleReaction],
  jobs: withJob ? [effectJob] : [],
  deps: {},
  settings: MessagingSettings.parse(fastSettings),
  log: noLog,
  crash: crashPointFrom(environment.CASCADE_CRASH),
});
process.once("SIGTERM", async () => {
  await messaging.stop();
  await connection.drain();
  await database.close();
  // The channel to the parent would keep the process.
  process.disconnect?.();
});
process.send?.("started");
