import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelVersionDemotedV1 } from "@cascade/contracts";
import { connectBroker, noLog } from "@cascade/messaging";
import { temporaryDirectory } from "@cascade/testing";
import { jetstream } from "@nats-io/jetstream";
import { headers as createHeaders } from "@nats-io/transport-node";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Evidence, StreamedMessage } from "../evidence/evidence.ts";
import { withClient } from "../evidence/read-tables.ts";
import { type PreparedWorld, prepareWorld } from "../testing/prepared-world.ts";
import { artifactReferences } from "./artifact-references.ts";
import { checkAll } from "./check-all.ts";

let world: PreparedWorld;
let untouched: Evidence;
let copies = 0;

beforeAll(async () => {
  world = await prepareWorld();
  untouched = await world.evidence();
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const found = (evidence: Evidence) => checkAll(evidence).flatMap(({ violations }) => violations);
const codes = (evidence: Evidence) =>
  found(evidence)
    .map(({ code }) => code)
    .toSorted();

test("a system that nobody tampered with has no violation, and every check has looked at something", () => {
  expect(found(untouched)).toEqual([]);
  const idle = checkAll(untouched)
    .filter(({ counted }) => Object.values(counted).every((count) => count === 0))
    .map(({ invariant }) => invariant);
  expect(idle).toEqual(["failures"]);
});

/** Changes rows in a copy of the database; what guards history there is out of force. */
async function tampered(sql: string): Promise<Evidence> {
  copies += 1;
  const adminUrl = await world.copyDatabase(`tampered_${copies}`);
  const changed = await withClient(adminUrl, async (client) => {
    await client.query("set session_replication_role = replica");
    return (await client.query(sql)).rowCount;
  });
  expect(changed, "rows that were tampered with").toBe(1);
  return world.evidence({ adminUrl });
}

describe("in the tables", () => {
  test.each([
    {
      what: "an event that a consumer never received",
      sql: `delete from validation.inbox where ctid = (select ctid from validation.inbox
              where consumer = 'validate-on-dataset-ingested' limit 1)`,
      expected: ["INBOX_MISSING"],
    },
    {
      what: "an event that was handled without its job",
      sql: `delete from ingestion.jobs where ctid = (select ctid from ingestion.jobs limit 1)`,
      expected: ["EFFECT_MISSING"],
    },
    {
      what: "an event that was recorded and never published",
      sql: `update training.outbox set published_at = null where ctid = (select ctid from training.outbox limit 1)`,
      expected: ["OUTBOX_UNPUBLISHED"],
    },
    {
      what: "an event that has vanished from its outbox",
      sql: `delete from deployment.outbox where ctid = (select ctid from deployment.outbox
              where event_type like '%rollout.started%' limit 1)`,
      expected: ["EVENT_GHOST"],
    },
    {
      what: "a promotion that has vanished from its chain",
      sql: "delete from registry.champions where sequence = 1",
      expected: ["PROMOTION_CHAIN_BROKEN", "PROMOTION_NOT_TOLD_ONCE"],
    },
    {
      what: "a lease that nobody gave back",
      sql: `update training.jobs set status = 'running', lease_until = now()
            where ctid = (select ctid from training.jobs limit 1)`,
      expected: ["LEASE_LEFT"],
    },
    {
      what: "a job that was tried far too often",
      sql: `update features.jobs set attempts = 99 where ctid = (select ctid from features.jobs limit 1)`,
      expected: ["RETRY_STORM"],
    },
    {
      what: "two dataset versions of one arrival",
      sql: `insert into ingestion.dataset_versions
            select pipeline, 'sha256:other', demands_digest, arrived_by, rows, row_count, files, batch, ingested_at
            from ingestion.dataset_versions limit 1`,
      expected: ["DATASET_VERSION_DOUBLED"],
    },
    {
      what: "a dead letter without its bytes",
      sql: "update monitoring.dead_letters set payload = ''",
      expected: ["DEAD_LETTER_INCOMPLETE"],
    },
    {
      what: "a dead letter that is still open",
      sql: "update monitoring.dead_letters set status = 'open'",
      expected: ["DEAD_LETTER_OPEN"],
    },
    {
      what: "predictions that were counted twice",
      sql: "update monitoring.tallies set predictions = predictions + 1 where pipeline = 'north'",
      expected: ["COUNT_DIFFERS"],
    },
    {
      what: "a label that has vanished",
      sql: `update monitoring.predictions set label = null where prediction_id =
              (select prediction_id from monitoring.predictions where label is not null limit 1)`,
      expected: ["COUNT_DIFFERS", "LABEL_LOST"],
    },
    {
      what: "an answer that was never watched",
      sql: `delete from monitoring.predictions where prediction_id =
              (select prediction_id from monitoring.predictions where label is null limit 1)`,
      expected: ["COUNT_DIFFERS", "PREDICTION_LOST"],
    },
    {
      what: "a service that has missed a change of a pipeline",
      sql: "update features.pipelines set version = version + 1 where pipeline = 'north'",
      expected: ["PROJECTION_DIFFERS"],
    },
    {
      what: "a revision that was left out",
      sql: "update deployment.endpoints set revision = revision + 1",
      expected: ["PROJECTION_DIFFERS"],
    },
    {
      what: "a promoted model whose run has failed",
      sql: "update training.runs set status = 'failed' where run_id = (select run_id from registry.model_versions limit 1)",
      expected: ["LINEAGE_BROKEN"],
    },
    {
      what: "a run that never ended",
      sql: "update training.runs set status = 'running' where run_id = (select run_id from registry.model_versions limit 1)",
      expected: ["LINEAGE_BROKEN", "RUN_WITHOUT_END"],
    },
  ])("$what is found", async ({ sql, expected }) => {
    expect(codes(await tampered(sql))).toEqual(expected);
  });

  test("an effect that was told twice is found, although each telling is published", async () => {
    const evidence = await tampered(
      `insert into registry.outbox (event_id, event_type, pipeline, stream, subject, headers, payload,
         correlation_id, claimed_until, published_at)
       select 'told-again', event_type, pipeline, stream, subject, headers, payload, correlation_id, now(), now()
       from registry.outbox where event_type like '%registered%' limit 1`,
    );
    const original = evidence.messages.find(({ type }) => type.includes("registered")) as StreamedMessage;
    const messages = [...evidence.messages, { ...original, id: "told-again" }];
    expect(found({ ...evidence, messages })).toMatchObject([
      { code: "EFFECT_DOUBLED", invariant: "I3", evidence: [{}, { eventId: "told-again" }] },
    ]);
  });
});

describe("in the artifact store", () => {
  async function damaged(digest: string, damage: (path: string) => Promise<void>): Promise<Evidence> {
    await using copy = await temporaryDirectory();
    await cp(join(world.stack.directory, "artifacts"), copy.path, { recursive: true });
    await damage(join(copy.path, "sha256", digest.replace("sha256:", "")));
    return await world.evidence({ artifacts: copy.path });
  }

  async function flipByte(path: string): Promise<void> {
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await rm(path);
    await writeFile(path, bytes);
  }

  const digestWhere = (part: string) => {
    const references = [...artifactReferences(untouched).values()];
    return references.find(({ where }) => where.includes(part))?.digest ?? "none";
  };
  const modelDigest = () => {
    const promoted = untouched.messages.find(({ type }) => type.includes("promoted"));
    const servable = promoted?.data.servable as { model: { digest: string } } | undefined;
    return servable?.model.digest ?? "none";
  };

  test("one flipped byte is found", async () => {
    const evidence = await damaged(digestWhere("validation.reports"), flipByte);
    expect(codes(evidence)).toEqual(["ARTIFACT_DAMAGED"]);
  });

  test("a missing artifact is found, and who names it", async () => {
    const digest = digestWhere("features.snapshots");
    const evidence = await damaged(digest, (path) => rm(path));
    expect(found(evidence)).toMatchObject([
      { code: "ARTIFACT_MISSING", evidence: { digest, where: "features.snapshots" } },
    ]);
  });

  test("a promoted model with other bytes is found", async () => {
    const evidence = await damaged(modelDigest(), flipByte);
    expect(codes(evidence)).toEqual(expect.arrayContaining(["ARTIFACT_DAMAGED", "PROMOTED_MODEL_DAMAGED"]));
  });
});

describe("in the streams", () => {
  const without = (id: string) => ({
    ...untouched,
    messages: untouched.messages.filter((message) => message.id !== id),
  });

  test("an event that the broker has forgotten is found", () => {
    const suppressed = untouched.messages.find(({ type }) => type.includes("rollout.started"));
    expect(codes(without(suppressed?.id ?? ""))).toEqual(["EVENT_LOST"]);
  });

  test("an arrival that was confirmed and is in no stream is found", () => {
    const arrival = untouched.journal.find(({ kind }) => kind === "retrain" || kind === "submit");
    const evidence = {
      ...untouched,
      journal: [
        ...untouched.journal,
        { ...arrival, eventId: "lost", outcome: "ok" as const },
      ] as Evidence["journal"],
    };
    expect(found(evidence)).toMatchObject([{ code: "ARRIVAL_LOST", invariant: "I1" }]);
  });

  test("an event with other bytes is found", () => {
    const messages = untouched.messages.map((message) =>
      message.type.includes("training-run.started") ? { ...message, payload: new Uint8Array([1]) } : message,
    );
    expect(new Set(codes({ ...untouched, messages }))).toEqual(new Set(["EVENT_ALTERED"]));
  });

  test("a consumer with something left to do is found", () => {
    const durables = untouched.durables.map((one, index) => (index === 0 ? { ...one, pending: 1 } : one));
    expect(codes({ ...untouched, durables })).toEqual(["CONSUMER_BEHIND"]);
  });
});

describe("around the system", () => {
  test("a replica that serves something else than what is assigned is found", () => {
    const serving = untouched.serving.map((one) => ({ ...one, revision: 1 }));
    expect(codes({ ...untouched, serving })).toEqual(["REPLICA_NOT_CONVERGED"]);
  });

  test("an answer by a version that was not assigned is found", () => {
    const answer = untouched.journal.find(({ kind, outcome }) => kind === "predict" && outcome === "ok");
    const journal = untouched.journal.map((one) => (one === answer ? { ...one, version: 99 } : one));
    expect(codes({ ...untouched, journal })).toEqual(["ANSWER_OF_UNASSIGNED_VERSION"]);
  });

  test("a process that outlived its service is found", () => {
    const processes = [{ pid: 1, command: "orphan" }];
    const evidence = { ...untouched, leftovers: { ...untouched.leftovers, processes } };
    expect(codes(evidence)).toEqual(["PROCESS_LEFT"]);
  });

  test("a lock that is still held is found", async () => {
    const holder = new pg.Client({ connectionString: world.stack.postgresAdminUrl });
    await holder.connect();
    try {
      await holder.query("select pg_advisory_lock(1)");
      expect(codes(await world.evidence())).toEqual(["LOCK_LEFT"]);
    } finally {
      await holder.end();
    }
  });

  test("a folder of work that nobody does any more is found", async () => {
    const folder = join(world.stack.directory, "work", "training-1", "work-1-1-left");
    await mkdir(folder, { recursive: true });
    try {
      expect(codes(await world.evidence())).toEqual(["FOLDER_LEFT"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

// Streams keep for ever what was published, so this is the last test.
test("an event that no service has recorded is found in the stream", async () => {
  const { definition, pipeline, data } = ModelVersionDemotedV1.create("north", ModelVersionDemotedV1.example);
  const written = createHeaders();
  const envelope = { specversion: "1.0", id: "ghost", type: definition.type, subject: pipeline };
  for (const [name, value] of Object.entries({ ...envelope, source: "/services/registry" })) {
    written.set(`ce-${name}`, value);
  }
  const subject = `${definition.type}.${pipeline}`;
  const access = { ...world.stack.accessAs("registry"), name: "ghost", user: "registry" };
  const connection = await connectBroker({ ...access, log: noLog });
  await jetstream(connection).publish(subject, JSON.stringify(data), { headers: written });
  await connection.close();
  // Services may be at the event while the evidence is taken, and have a transaction open for it.
  const ghosts = found(await world.evidence()).filter(({ code }) => code !== "TRANSACTION_LEFT");
  expect(ghosts).toMatchObject([{ code: "EVENT_GHOST", evidence: { id: "ghost" } }]);
});
