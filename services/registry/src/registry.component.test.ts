import {
  ApprovalDeclinedV1,
  ApprovalGivenV1,
  DeadLetterRecordedV1,
  EvaluationFailedV1,
  EvaluationPassedV1,
  ModelVersionApprovalRequestedV1,
  ModelVersionDemotedV1,
  ModelVersionPromotedV1,
  ModelVersionRegisteredV1,
  PipelineAppliedV1,
  PipelineRefusedV1,
  PipelineSubmittedV1,
  RolloutRolledBackV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { eventually } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Candidate, type FileChanges, failed, get, passed, pipelineFile } from "./registry-fixtures.ts";
import { service } from "./service.ts";

let registry: ServiceUnderTest;
beforeAll(async () => {
  registry = await startForTest(service, { CASCADE_PAGE_SIZE_MAX: "60", CASCADE_RETRY_BASE_MS: "10" });
});
afterAll(() => registry[Symbol.asyncDispose]());

const submit = (text: string, pipeline: string) =>
  registry.publish(PipelineSubmittedV1.create(pipeline, { text, fileName: "p.yaml", by: "ada" }));

async function apply(pipeline: string, changes: FileChanges = {}) {
  const id = await submit(pipelineFile(pipeline, changes), pipeline);
  return registry.nextEvent(PipelineAppliedV1, (event) => event.causationId === id);
}

const evaluate = (pipeline: string, runId: string, candidate: Candidate = {}) =>
  registry.publish(EvaluationPassedV1.create(pipeline, passed(runId, candidate)));

const promotedTo = (pipeline: string, version: number, decidedBy?: string) =>
  registry.nextEvent(
    ModelVersionPromotedV1,
    ({ pipeline: other, data }) =>
      other === pipeline && data.version === version && (decidedBy ?? data.decidedBy) === data.decidedBy,
  );

const typesFor = (pipeline: string) =>
  registry
    .seen()
    .filter(({ envelope }) => envelope.subject === pipeline && envelope.source === "/services/registry")
    .map(({ envelope }) => envelope.type.replace(/^cascade\.(.*)\.v1$/, "$1"));

/** An event that was ignored leaves its reason in the inbox; what follows it shows that it was handled. */
async function barrier(pipeline: string, runId: string) {
  const id = await registry.publish(EvaluationPassedV1.create(pipeline, passed(runId)));
  return registry.nextEvent(ModelVersionRegisteredV1, (event) => event.causationId === id);
}

describe("a submitted file", () => {
  test("is applied as version 1, and as the same version when nothing has changed", async () => {
    const first = await apply("applied");
    expect(first.data).toMatchObject({ version: 1, modelChanged: true, by: "ada" });
    expect(first.data.spec.deployment.strategy).toBe("direct");
    const again = await apply("applied");
    expect(again.data).toEqual({ ...first.data, modelChanged: false });
    expect((await apply("applied", { approval: "manual" })).data).toMatchObject({
      version: 2,
      modelChanged: false,
    });
    expect((await apply("applied", { seed: 2 })).data).toMatchObject({ version: 3, modelChanged: true });
    const { body } = await get(registry, "/v1/pipelines/applied/versions");
    expect(body).toMatchObject({ versions: [{ version: 3 }, { version: 2 }, { version: 1 }] });
  });

  test("with SQL that nobody could compute is refused with the place of each expression", async () => {
    const broken = `${pipelineFile("refused-sql").replace(
      "columns: {hour: hour(date), origin: origin}",
      `columns:
    hour: hour(nowhere)
    origin: upper(origin
    leak: delayed and true
    date: date
    miles: { sql: origin, kind: number }
    day: dayofweek(date)
  entity: [origin]
  aggregates: { total: { function: sum, of: origin, over: 7d } }
  views: { days: { entity: [origin], columns: { now: now() } } }`,
    )}validation: { conditions: [{ sql: delayed }, { sql: upper(origin) }] }
`;
    const id = await submit(broken, "refused-sql");
    const { data } = await registry.nextEvent(PipelineRefusedV1, (event) => event.causationId === id);
    expect(
      data.problems.map(({ line, path, message }) => `${line} ${path} ${message}`),
    ).toMatchInlineSnapshot(`
      [
        "9 features.columns.hour is refused: there is no input column nowhere.",
        "10 features.columns.origin is refused: syntax error at end of input",
        "11 features.columns.leak reads the label "delayed": the model would see what it is to predict",
        "12 features.columns.date is a point in time, which a model cannot learn from as it is: take a part of it, such as hour(date), or a number such as epoch(date)",
        "13 features.columns.miles.sql is declared a number but gives text: convert it, for example with try_cast, or declare it a category",
        "16 features.aggregates.total.of gives values of type string, of which there is neither a sum nor an average: convert them, for example with try_cast",
        "17 features.views.days.columns.now is refused: the function now is not among those that features may use.",
        "22 validation.conditions[1].sql gives values of type string, not true or false",
      ]
    `);
  });

  test("with mistakes is refused with all of them, and what was in force stays in force", async () => {
    await apply("refused");
    const broken = pipelineFile("refused")
      .replace("label:", "lable:")
      .replace("task: binary", "task: binray");
    const id = await submit(broken, "refused");
    const { data } = await registry.nextEvent(PipelineRefusedV1, (event) => event.causationId === id);
    expect(data.fileName).toBe("p.yaml");
    expect(data.problems).toMatchObject([
      { line: 2, path: "data.label" },
      { line: 5, column: 3, path: "data.lable" },
      { line: 9, column: 18, path: "training.task" },
    ]);
    expect((await get(registry, "/v1/pipelines/refused")).body).toMatchObject({ version: 1 });
  });

  test("is refused under another name, but applied where its sender could not read its name", async () => {
    const id = await submit(pipelineFile("named"), "other-name");
    const refused = await registry.nextEvent(PipelineRefusedV1, (event) => event.causationId === id);
    expect(refused).toMatchObject({ pipeline: "other-name", data: { problems: [{ path: "pipeline" }] } });
    const second = await submit(pipelineFile("named"), "unnamed");
    const applied = await registry.nextEvent(PipelineAppliedV1, (event) => event.causationId === second);
    expect(applied.pipeline).toBe("named");
  });
});

describe("with automatic promotion", () => {
  test("each candidate is registered and promoted, naming the champion before it", async () => {
    await apply("automatic");
    await evaluate("automatic", "run-1");
    expect(await promotedTo("automatic", 1)).toMatchObject({ data: { decidedBy: "policy" } });
    await evaluate("automatic", "run-2", { auc: 0.8, comparedWith: 1 });
    const second = await promotedTo("automatic", 2);
    expect(second.data).toMatchObject({ previousVersion: 1, metrics: { auc: 0.8 } });
    expect(typesFor("automatic").slice(1)).toEqual([
      "model-version.registered",
      "model-version.promoted",
      "model-version.registered",
      "model-version.promoted",
    ]);
  });

  test("a run is registered once, however often its evaluation is told", async () => {
    await apply("once");
    await evaluate("once", "run-1");
    await promotedTo("once", 1);
    await evaluate("once", "run-1");
    const other = { ...passed("run-1"), evaluationId: "a-second-evaluation" };
    await registry.publish(EvaluationPassedV1.create("once", other));
    expect((await barrier("once", "run-2")).data.version).toBe(2);
  });

  test("a comparison with an older champion does not promote, and a person may still do so", async () => {
    await apply("stale");
    await evaluate("stale", "run-1");
    await promotedTo("stale", 1);
    await evaluate("stale", "run-2", { comparedWith: 1, auc: 0.8 });
    await promotedTo("stale", 2);
    await evaluate("stale", "run-3", { comparedWith: 1, auc: 0.9, rows: "b" });
    const withheld = await registry.nextEvent(ModelVersionDemotedV1, ({ pipeline }) => pipeline === "stale");
    expect(withheld.data).toMatchObject({ version: 3, championVersion: 2 });
    expect(withheld.data.reason).toMatch(/^not promoted: it was compared with version 1, but version 2/);
    expect((await get(registry, "/v1/models/stale/versions/3")).body).toMatchObject({ status: "withheld" });
    await registry.publish(ApprovalGivenV1.create("stale", { version: 3, by: "ada", reason: "looked" }));
    expect((await promotedTo("stale", 3)).data).toMatchObject({ previousVersion: 2, decidedBy: "ada" });
  });

  test("an evaluation for a pipeline that was never applied is set aside with what to do", async () => {
    await evaluate("never-applied", "run-1");
    const letter = await registry.nextEvent(
      DeadLetterRecordedV1,
      (event) => event.pipeline === "never-applied",
    );
    expect(letter.data).toMatchObject({ reason: "rejected", error: { code: "PIPELINE_UNKNOWN" } });
    expect(letter.data.error.message).toContain("cascade apply");
  });
});

describe("with manual approval", () => {
  test("a version waits for a person, who promotes or declines it", async () => {
    await apply("manual", { approval: "manual" });
    await evaluate("manual", "run-1");
    const asked = await registry.nextEvent(
      ModelVersionApprovalRequestedV1,
      (event) => event.pipeline === "manual",
    );
    expect(asked.data).toEqual({ version: 1, metrics: { auc: 0.7 } });
    expect((await get(registry, "/v1/models/manual/champion")).status).toBe(404);
    await registry.publish(ApprovalGivenV1.create("manual", { version: 1, by: "ada", reason: "good" }));
    expect((await promotedTo("manual", 1)).data.decidedBy).toBe("ada");

    await barrier("manual", "run-2");
    await registry.publish(
      ApprovalDeclinedV1.create("manual", { version: 2, by: "bob", reason: "too slow" }),
    );
    const declined = await registry.nextEvent(ModelVersionDemotedV1, (event) => event.pipeline === "manual");
    expect(declined.data).toEqual({ version: 2, reason: "too slow", championVersion: 1 });
  });

  test("answers to versions that are unknown, declined, promoted or superseded come to nothing", async () => {
    await apply("answers", { approval: "manual" });
    for (const run of ["run-1", "run-2", "run-3"]) await barrier("answers", run);
    const give = (version: number) =>
      registry.publish(ApprovalGivenV1.create("answers", { version, by: "ada", reason: "good" }));
    await registry.publish(ApprovalDeclinedV1.create("answers", { version: 2, by: "bob", reason: "no" }));
    await registry.nextEvent(ModelVersionDemotedV1, (event) => event.pipeline === "answers");
    await give(3);
    await promotedTo("answers", 3);
    for (const version of [99, 2, 3, 1]) await give(version);
    await barrier("answers", "run-4");
    await give(4);
    await promotedTo("answers", 4);
    expect(typesFor("answers").filter((type) => type === "model-version.promoted")).toHaveLength(2);
    const { body } = await get(registry, "/v1/models/answers/versions");
    expect(body).toMatchObject({
      versions: [
        { version: 4, status: "champion" },
        { version: 3, status: "former-champion" },
        { version: 2, status: "declined" },
        { version: 1, status: "superseded" },
      ],
    });
  });
});

describe("a rollout that was rolled back", () => {
  const rollBack = (pipeline: string, version: number, previousVersion?: number) =>
    registry.publish(
      RolloutRolledBackV1.create(pipeline, {
        rolloutId: "rollout",
        version,
        ...(previousVersion === undefined ? {} : { previousVersion }),
        reason: "too many errors",
      }),
    );

  test("returns the alias to the version that serves again, which is promoted by an event", async () => {
    await apply("back");
    await evaluate("back", "run-1");
    await promotedTo("back", 1);
    await evaluate("back", "run-2", { comparedWith: 1 });
    await promotedTo("back", 2);
    const id = await rollBack("back", 2, 1);
    const demoted = await registry.nextEvent(ModelVersionDemotedV1, (event) => event.causationId === id);
    expect(demoted.data).toEqual({ version: 2, reason: "rolled back: too many errors", championVersion: 1 });
    expect((await promotedTo("back", 1, "rollback")).data).toMatchObject({ previousVersion: 2 });

    // Told again, or of a version that is champion no more, it changes nothing.
    await rollBack("back", 2, 1);
    await evaluate("back", "run-3", { comparedWith: 1 });
    expect((await promotedTo("back", 3)).data.previousVersion).toBe(1);
    expect((await get(registry, "/v1/models/back/champion")).body).toMatchObject({
      version: 3,
      history: [
        { sequence: 4, version: 3, previousVersion: 1 },
        { sequence: 3, version: 1, previousVersion: 2, decidedBy: "rollback" },
        { sequence: 2, version: 2, previousVersion: 1 },
        { sequence: 1, version: 1, previousVersion: null },
      ],
    });
  });

  test("of the first version leaves no champion, and the next candidate has nothing to beat", async () => {
    await apply("first");
    await evaluate("first", "run-1");
    await promotedTo("first", 1);
    await rollBack("first", 1);
    await registry.nextEvent(ModelVersionDemotedV1, (event) => event.pipeline === "first");
    const { status, body } = await get(registry, "/v1/models/first/champion");
    expect([status, body]).toMatchObject([404, { code: "NO_CHAMPION" }]);
    await evaluate("first", "run-2", { comparedWith: 1, rows: "b" });
    expect((await promotedTo("first", 2)).data).not.toHaveProperty("previousVersion");
  });
});

test("fifty promotions at once end in one linear chain", async () => {
  await apply("race", { approval: "manual" });
  for (let n = 1; n <= 25; n++) await evaluate("race", `waiting-${n}`);
  await registry.nextEvent(
    ModelVersionRegisteredV1,
    ({ pipeline, data }) => pipeline === "race" && data.version === 25,
  );
  await apply("race", { gates: "[{metric: auc, min: 0.6}]" });
  await Promise.all(
    Array.from({ length: 25 }, (_, n) => [
      registry.publish(ApprovalGivenV1.create("race", { version: n + 1, by: "ada", reason: "good" })),
      evaluate("race", `automatic-${n}`),
    ]).flat(),
  );
  await promotedTo("race", 50);
  const promotions = registry
    .seen()
    .filter(({ envelope }) => envelope.subject === "race" && envelope.type === ModelVersionPromotedV1.type)
    .map(({ data }) => ModelVersionPromotedV1.schema.parse(data));
  const chain = promotions.map(({ version }) => version);
  expect(promotions.map(({ previousVersion }) => previousVersion)).toEqual([
    undefined,
    ...chain.slice(0, -1),
  ]);
  expect(chain).toEqual([...new Set(chain)].sort((a, b) => a - b));
});

test("the lineage of a version leads from the data to the events", async () => {
  await apply("lineage");
  await registry.publish(EvaluationFailedV1.create("lineage", failed("run-1")));
  const id = await evaluate("lineage", "run-1");
  await promotedTo("lineage", 1);
  const { example } = EvaluationPassedV1;
  const lineage = await eventually(
    async () => {
      const { body } = await get(registry, "/v1/models/lineage/versions/1/lineage");
      return JSON.stringify(body).includes("failed-evaluation-of-run-1") && body;
    },
    { describe: "both evaluations in the lineage" },
  );
  expect(lineage).toMatchObject({
    data: {
      datasetVersions: example.trainingSet.datasetVersions,
      viewDigest: example.trainingSet.viewDigest,
    },
    training: { runId: "run-1", ...example.lineage },
    evaluation: { evaluationId: "evaluation-of-run-1", gates: example.gates, report: example.report },
    otherEvaluations: [{ evaluationId: "failed-evaluation-of-run-1", passed: false }],
    promotions: [{ version: 1, decidedBy: "policy" }],
    events: { evaluation: id },
  });
});

describe("the read side", () => {
  test.each([
    ["/v1/pipelines/nobody", 404, "PIPELINE_UNKNOWN"],
    ["/v1/pipelines/NO%20NAME", 404, "PIPELINE_UNKNOWN"],
    ["/v1/models/nobody/champion", 404, "PIPELINE_UNKNOWN"],
    ["/v1/models/read/versions/9", 404, "VERSION_UNKNOWN"],
    ["/v1/models/read/versions/9/lineage", 404, "VERSION_UNKNOWN"],
    ["/v1/models/read/versions/0", 400, "REQUEST_INVALID"],
    ["/v1/models/read/versions/1e99", 400, "REQUEST_INVALID"],
    ["/v1/models/read/versions?limit=61", 400, "REQUEST_INVALID"],
    ["/v1/pipelines?limit=x", 400, "REQUEST_INVALID"],
  ])("%s is answered with %i %s", async (path, status, code) => {
    await apply("read");
    const answer = await get(registry, path);
    expect(answer).toMatchObject({ status, body: { status, code } });
  });

  test("lists go on page by page", async () => {
    await apply("page-a");
    await apply("page-b");
    const page = await get(registry, "/v1/pipelines?limit=1&after=page-a");
    expect(page.body).toMatchObject({ pipelines: [{ pipeline: "page-b", version: 1 }] });
    await apply("page-a", { seed: 2 });
    const versions = await get(registry, "/v1/pipelines/page-a/versions?limit=1&before=2");
    expect(versions.body).toMatchObject({ versions: [{ version: 1 }] });
  });
});

test("a restart repeats nothing and forgets nothing", async () => {
  await apply("restart");
  await evaluate("restart", "run-1");
  await promotedTo("restart", 1);
  const before = registry.seen().length;
  await registry.restart();
  await evaluate("restart", "run-2", { comparedWith: 1 });
  expect((await promotedTo("restart", 2)).data.previousVersion).toBe(1);
  expect(registry.seen()).toHaveLength(before + 3);
});
