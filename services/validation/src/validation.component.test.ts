import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Column,
  DatasetIngestedV1,
  DatasetRejectedV1,
  DatasetValidatedV1,
  DeadLetterRecordedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { service } from "./service.ts";
import { appliedPipeline } from "./testing/test-pipeline.ts";
import { openTestRows, type TestRows } from "./testing/test-rows.ts";

const columns: Column[] = [
  { name: "id", type: "integer" },
  { name: "city", type: "string" },
  { name: "tip", type: "number" },
];

const stack = new AsyncDisposableStack();
let validation: ServiceUnderTest;
let rows: TestRows;
let work: string;

beforeAll(async () => {
  const directory = stack.use(await temporaryDirectory());
  const artifacts = pathToFileURL(join(directory.path, "artifacts")).href;
  work = join(directory.path, "work");
  rows = openTestRows(artifacts, directory.path);
  stack.defer(() => rows.tabular.close());
  validation = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: artifacts,
      CASCADE_WORK_DIRECTORY: work,
      CASCADE_RETRY_BASE_MS: "20",
    }),
  );
});
afterAll(() => stack.disposeAsync());

type Row = Record<string, unknown>;

/** `count` good rows in turn from three cities. */
const trips = (count: number, from = 0): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    id: from + index,
    city: ["Oslo", "Rome", "Lima"][index % 3],
    tip: index % 7,
  }));

async function apply(pipeline: string, settings: object = {}, version = 1): Promise<void> {
  await validation.publish(PipelineAppliedV1.create(pipeline, appliedPipeline(pipeline, settings, version)));
}

/** Publishes a dataset version and waits for its verdict. */
async function submit(
  pipeline: string,
  data: readonly Row[],
  of: readonly Column[] = columns,
  resubmits?: string,
) {
  const ref = await rows.put(data, of);
  const id = await validation.publish(
    DatasetIngestedV1.create(pipeline, {
      datasetVersion: ref.digest,
      rows: ref,
      rowCount: data.length,
      columns: [...of],
      files: [],
      ...(resubmits === undefined ? {} : { resubmits }),
    }),
  );
  const caused = ({ correlationId }: { correlationId: string }) => correlationId === id;
  return {
    ref,
    validated: async () => (await validation.nextEvent(DatasetValidatedV1, caused)).data,
    rejected: async () => (await validation.nextEvent(DatasetRejectedV1, caused)).data,
  };
}

test("a batch that meets everything is validated as it is, with a report", async () => {
  await apply("good");
  const { ref, validated } = await submit("good", trips(30));
  const data = await validated();
  expect(data).toMatchObject({ datasetVersion: ref.digest, rows: ref, rowCount: 30, columns, warnings: [] });
  expect(data.quarantined).toBeUndefined();
  const Report = z.looseObject({
    rowCount: z.int(),
    acceptedRows: z.int(),
    page: z.object({
      digest: z.string(),
      sizeBytes: z.int(),
      mediaType: z.literal("text/html; charset=utf-8"),
    }),
    profile: z.looseObject({ columns: z.array(z.looseObject({ name: z.string(), nulls: z.int() })) }),
    results: z.array(z.looseObject({ verdict: z.string() })),
  });
  const report = await rows.store.readJson(data.report, Report, { maxBytes: 1_000_000 });
  expect(report.acceptedRows).toBe(30);
  const page = await rows.store.readBytes(report.page, { maxBytes: 1_000_000 });
  expect(Buffer.from(page).toString()).toContain("All ");
  expect(report.profile.columns.map(({ name }) => name)).toEqual(["id", "city", "tip"]);
  expect(new Set(report.results.map(({ verdict }) => verdict))).toEqual(new Set(["met"]));
});

test("a batch without its label is rejected with one violation that names it", async () => {
  await apply("no-label");
  const two = columns.slice(0, 2);
  const data = await (await submit("no-label", trips(5), two)).rejected();
  expect(data.violations).toEqual([
    {
      expectation: "column present",
      column: "tip",
      message: 'There is no column "tip". There are: "id", "city".',
    },
  ]);
  expect(data.whatToDo).toContain('Add the label "tip" to the data, or change data.label.');
});

test("a batch whose label is never there is rejected", async () => {
  await apply("empty-label");
  const data = await (
    await submit(
      "empty-label",
      trips(5).map((row) => ({ ...row, tip: null })),
    )
  ).rejected();
  expect(data.violations).toMatchObject([{ column: "tip", failedRows: 5 }]);
});

test("an empty batch is rejected", async () => {
  await apply("empty");
  const data = await (await submit("empty", [])).rejected();
  expect(data.violations).toMatchObject([{ expectation: "number of rows at least 1" }]);
});

test("each declared expectation is reported with its rows and an example", async () => {
  await apply("strict", {
    expectations: [
      { column: "city", maxNullShare: 0, allowed: ["Oslo", "Rome", "Lima"] },
      { column: "tip", min: 0, max: 10 },
    ],
    unique: ["id"],
    rowCount: { max: 6 },
  });
  const bad = [
    ...trips(4),
    { id: 0, city: "Oslo", tip: 1 },
    { id: 5, city: null, tip: 1 },
    { id: 6, city: "Bern", tip: 99 },
  ];
  const data = await (await submit("strict", bad)).rejected();
  expect(data.violations.map(({ expectation, failedRows }) => [expectation, failedRows])).toEqual([
    ["number of rows from 1 to 6", undefined],
    ["no value missing", 1],
    ["one of Oslo, Rome, Lima", 1],
    ["from 0 to 10", 1],
    ["id unique", 1],
  ]);
  expect(data.violations[3]?.message).toContain('First: row 7, "99.0".');
});

test("bad rows go to quarantine with their reasons, and the rest goes on", async () => {
  await apply("quarantine", { expectations: [{ column: "tip", min: 0 }], onViolation: "quarantine" });
  const data = await (
    await submit("quarantine", [...trips(19), { id: 99, city: "Oslo", tip: -1 }])
  ).validated();
  expect(data.rowCount).toBe(19);
  expect(data.quarantined?.rowCount).toBe(1);
  expect(await rows.read(data.rows)).toHaveLength(19);
  if (data.quarantined === undefined) throw new Error("no quarantine");
  expect(await rows.read(data.quarantined.rows)).toMatchObject([
    { id: 99, tip: -1, _reasons: [expect.stringContaining("out of range")] },
  ]);
  const Profiled = z.looseObject({ rowCount: z.int() });
  const Report = z.looseObject({ profile: Profiled, acceptedProfile: Profiled });
  const report = await rows.store.readJson(data.report, Report, { maxBytes: 1_000_000 });
  expect([report.profile.rowCount, report.acceptedProfile.rowCount]).toEqual([20, 19]);
});

test("conditions, patterns and keys set rows aside, and what is only unusual is a warning", async () => {
  await apply("written", {
    expectations: [{ column: "city", pattern: "[A-Z][a-z]+" }],
    conditions: [
      { name: "tips are whole", sql: "tip = trunc(tip)", severity: "warning" },
      { name: "no tips in Rome above 5", sql: "city <> 'Rome' or tip <= 5" },
    ],
    unique: ["id"],
    onViolation: "quarantine",
    maxQuarantinedShare: 0.5,
  });
  const data = await (
    await submit("written", [
      ...trips(6),
      { id: 5, city: "Oslo", tip: 1.5 },
      { id: 7, city: "Rome", tip: 9 },
      { id: 8, city: "oslo", tip: 1 },
    ])
  ).validated();
  expect(data.rowCount).toBe(6);
  expect(data.warnings).toEqual(['1 row where the condition "tips are whole" is not met. First: row 7.']);
  if (data.quarantined === undefined) throw new Error("no quarantine");
  expect((await rows.read(data.quarantined.rows)).map(({ _reasons }) => _reasons)).toEqual([
    ['"id" repeats an earlier row'],
    ['the condition "no tips in Rome above 5" is not met'],
    ['"city" does not match [A-Z][a-z]+'],
  ]);
});

test("a condition that cannot be asked rejects the batch and says why", async () => {
  await apply("unaskable", { conditions: [{ sql: "tip > (select 1)" }] });
  const data = await (await submit("unaskable", trips(3))).rejected();
  expect(data.violations).toMatchObject([
    { expectation: "tip > (select 1)", message: expect.stringContaining("cannot be used: subquery") },
  ]);
});

test("corrected rows are judged one by one, leave their reasons behind and keep their link", async () => {
  await apply("corrected", {
    expectations: [{ column: "tip", min: 0 }],
    rowCount: { min: 20 },
    onViolation: "quarantine",
    maxQuarantinedShare: 0.2,
  });
  const wrong = [100, 101, 102].map((id) => ({ id, city: "Oslo", tip: -1 }));
  const first = await submit("corrected", [...trips(30), ...wrong]);
  const { datasetVersion, quarantined } = await first.validated();
  expect(quarantined?.rowCount).toBe(3);

  const withReasons = [...columns, { name: "_reasons", type: "string" as const }];
  const fixed = wrong.map((row, index) => ({ ...row, tip: index - 1, _reasons: "it was below 0" }));
  const data = await (await submit("corrected", fixed, withReasons, datasetVersion)).validated();
  expect(data).toMatchObject({ rowCount: 2, columns, resubmits: datasetVersion, warnings: [] });
  expect(await rows.read(data.rows)).toEqual([
    { id: 101, city: "Oslo", tip: 0 },
    { id: 102, city: "Oslo", tip: 1 },
  ]);
  if (data.quarantined === undefined) throw new Error("no quarantine");
  expect(await rows.read(data.quarantined.rows)).toEqual([
    { id: 100, city: "Oslo", tip: -1, _reasons: ['"tip" is out of range (at least 0)'] },
  ]);
  // What is wrong still comes back from the quarantine that it is in now, and from none twice.
  const right = [{ ...fixed[0], tip: 1 }];
  const last = await submit("corrected", right, withReasons, data.datasetVersion);
  expect((await last.validated()).rowCount).toBe(1);
  const twice = await submit("corrected", [{ ...fixed[1], tip: 5 }], withReasons, datasetVersion);
  expect((await twice.rejected()).violations).toMatchObject([
    {
      message: `The quarantined rows of ${datasetVersion} have come back already, as ${data.datasetVersion}.`,
    },
  ]);

  // More rows than were set aside, or rows of which none were, are a batch like any other.
  for (const [count, version] of [
    [4, datasetVersion],
    [1, "nowhere"],
  ] as const) {
    const { violations } = await (await submit("corrected", trips(count), columns, version)).rejected();
    expect(violations).toMatchObject([{ expectation: "number of rows at least 20" }]);
  }
});

test("rows without a label go to quarantine without being asked for", async () => {
  await apply("unlabelled", { onViolation: "quarantine" });
  const data = await (
    await submit("unlabelled", [...trips(19), { id: 99, city: "Oslo", tip: null }])
  ).validated();
  expect(data.rowCount).toBe(19);
  if (data.quarantined === undefined) throw new Error("no quarantine");
  expect(await rows.read(data.quarantined.rows)).toMatchObject([
    { id: 99, tip: null, _reasons: ['"tip" is missing'] },
  ]);
});

test("more bad rows than may be set aside reject the batch", async () => {
  await apply("too-many", {
    expectations: [{ column: "tip", min: 0 }],
    onViolation: "quarantine",
    maxQuarantinedShare: 0.1,
  });
  const bad = trips(10).map((row, index) => (index < 2 ? { ...row, tip: -1 } : row));
  const data = await (await submit("too-many", bad)).rejected();
  expect(data.violations.at(-1)?.message).toBe(
    "2 of 10 rows would be set aside, more than the allowed share of 0.1.",
  );
});

test("what cannot be set aside rejects the batch in spite of the quarantine", async () => {
  await apply("whole", { onViolation: "quarantine" });
  const data = await (await submit("whole", trips(5), columns.slice(1))).rejected();
  expect(data.violations).toMatchObject([{ expectation: "column present", column: "id" }]);
});

test("the first accepted batch teaches: other data are a warning, a column without values is refused", async () => {
  await apply("learning", { inferMinRows: 40 });
  // A batch of few rows teaches nothing, and is refused for nothing that was learned.
  const few = trips(3).map((row) => ({ ...row, city: null }));
  await (await submit("learning", few)).validated();
  await (await submit("learning", trips(60))).validated();
  const strange = trips(20).map((row) => ({ ...row, city: "Bern", tip: 99 }));
  expect((await (await submit("learning", strange)).validated()).warnings).toEqual([
    "Unlike the first accepted batch: There are 20 rows, expected at least 30.",
    'Unlike the first accepted batch: 20 rows where "city" has a value that is not allowed. First: row 1, "Bern".',
    'Unlike the first accepted batch: 20 rows where "tip" is out of range (0 to 9). First: row 1, "99.0".',
    '"city" has no value but "Bern": no model can learn from it.',
    '"tip" has no value but "99": no model can learn from it.',
  ]);
  await validation.restart();
  const fewHollow = trips(5).map((row) => ({ ...row, city: null }));
  expect((await (await submit("learning", fewHollow)).validated()).warnings).toContainEqual(
    expect.stringMatching(/^Unlike the first accepted batch: .*"city"/),
  );
  const hollow = trips(60).map((row, index) => (index < 40 ? { ...row, city: null } : row));
  const rejected = await (await submit("learning", hollow)).rejected();
  expect(rejected.violations).toMatchObject([{ column: "city", failedRows: 40 }]);
  expect(rejected.whatToDo).toContain("unlike the first accepted one");

  // Other demands: nothing has been learned under them yet.
  await apply("learning", { inferMinRows: 40, maxQuarantinedShare: 0.2 }, 2);
  await apply("learning", { inferMinRows: 40 }, 1);
  await expect
    .poll(
      async () => {
        const { validated, rejected: refused } = await submit("learning", hollow);
        return Promise.race([validated().then(() => "validated"), refused().then(() => "rejected")]);
      },
      { timeout: 20_000 },
    )
    .toBe("validated");
});

test("columns that are spread unlike in the first batch are told, though nothing else is learned", async () => {
  await apply("spread", {
    infer: false,
    distributions: [
      { column: "tip", test: "wasserstein", severity: "error" },
      { column: "city", test: "psi" },
    ],
  });
  const [first, alike, other] = [
    trips(210),
    trips(147),
    trips(210).map((row, index) => (index < 150 ? { ...row, city: "Oslo" } : row)),
  ];
  expect((await (await submit("spread", first)).validated()).warnings).toEqual([]);
  expect((await (await submit("spread", alike)).validated()).warnings).toEqual([]);
  expect((await (await submit("spread", other)).validated()).warnings).toEqual([
    expect.stringMatching(
      /^"city" is spread unlike in the first accepted batch: psi is \d\.\d+, allowed is 0\.2\.$/,
    ),
  ]);
  const shifted = await submit(
    "spread",
    trips(210).map((row) => ({ ...row, tip: Number(row.tip) + 3 })),
  );
  expect(await shifted.rejected()).toMatchObject({
    violations: [{ expectation: "spread as in the first batch (wasserstein)", column: "tip" }],
    whatToDo: expect.stringContaining("validation.distributions"),
  });
});

test("values must be found in what another pipeline has accepted last", async () => {
  const references = [{ column: "city", pipeline: "cities", of: "city" }];
  await apply("referring", { references, onViolation: "quarantine", maxQuarantinedShare: 0.5 });
  expect(await (await submit("referring", trips(6))).rejected()).toMatchObject({
    violations: [
      {
        expectation: "found in city of cities",
        message: 'Column "city" refers to "cities", of which there are no rows yet.',
      },
    ],
    whatToDo: expect.stringContaining("validation.references"),
  });
  await apply("cities");
  await (await submit("cities", trips(3))).validated();
  expect((await (await submit("referring", trips(7))).validated()).quarantined).toBeUndefined();
  await (await submit("cities", trips(2))).validated();
  const { quarantined } = await (await submit("referring", trips(8))).validated();
  expect(quarantined?.rowCount).toBe(2);
});

test("a column that gives the label away is told", async () => {
  await apply("leaky", { infer: false });
  const leaky = trips(140).map((row, index) => ({ ...row, id: index * 100, tip: (index % 70) / 2 }));
  expect(
    (
      await (
        await submit(
          "leaky",
          leaky.map((row) => ({ ...row, id: row.tip * 10 })),
        )
      ).validated()
    ).warnings,
  ).toEqual([expect.stringMatching(/^"id" alone explains 100 % of the label "tip"/)]);
  expect((await (await submit("leaky", leaky)).validated()).warnings).toEqual([]);
});

test("with infer: false nothing is learned", async () => {
  await apply("forgetful", { infer: false });
  await (await submit("forgetful", trips(60))).validated();
  const hollow = trips(60).map((row) => ({ ...row, city: null }));
  expect((await (await submit("forgetful", hollow)).validated()).warnings).toEqual([
    '"city" has no value in any row: no model can learn from it.',
  ]);
});

test("a batch whose judgement a stop interrupts gets one verdict after the restart", async () => {
  await apply("interrupted");
  const { ref, validated } = await submit("interrupted", trips(30));
  await validation.restart();
  await validated();
  // What follows is judged later, so a second verdict on the first batch would have been seen by then.
  await (await submit("interrupted", trips(31))).validated();
  const verdicts = validation
    .seen()
    .filter(
      ({ envelope }) => envelope.type === DatasetValidatedV1.type && envelope.subject === "interrupted",
    );
  expect(verdicts.map(({ data }) => DatasetValidatedV1.schema.parse(data).datasetVersion)).toEqual([
    ref.digest,
    expect.not.stringMatching(ref.digest),
  ]);
});

test("bytes that are no table are rejected, and the event does not say where they lay", async () => {
  await apply("garbage");
  const ref = await rows.store.putBytes(
    Buffer.from("PAR1, or so they said"),
    "application/vnd.apache.parquet",
  );
  const ingested = { datasetVersion: ref.digest, rows: ref, rowCount: 1, columns, files: [] };
  await validation.publish(DatasetIngestedV1.create("garbage", ingested));
  const { data } = await validation.nextEvent(DatasetRejectedV1, ({ pipeline }) => pipeline === "garbage");
  expect(data.violations).toMatchObject([
    { expectation: "the rows can be checked", message: expect.stringContaining("PARQUET_UNREADABLE") },
  ]);
  expect(data.violations[0]?.message).not.toContain(work);
});

test("of first batches that arrive together only one sets the baseline", async () => {
  await apply("race", { inferMinRows: 40 });
  await Promise.all(
    [0, 100, 200, 300].map(async (from) => (await submit("race", trips(40, from))).validated()),
  );
});

test("rows that are not in the store lead to a verdict, not to silence", async () => {
  await apply("lost");
  const ref = { ...(await rows.put(trips(1), columns)), digest: `sha256:${"1".repeat(64)}` };
  await validation.publish(
    DatasetIngestedV1.create("lost", {
      datasetVersion: ref.digest,
      rows: ref,
      rowCount: 1,
      columns,
      files: [],
    }),
  );
  const { data } = await validation.nextEvent(DatasetRejectedV1, ({ pipeline }) => pipeline === "lost");
  expect(data.violations[0]?.message).toContain("ARTIFACT_MISSING");
});

test("a batch of a pipeline that nobody applied becomes a dead letter that says what to do", async () => {
  const ref = await rows.put(trips(1), columns);
  await validation.publish(
    DatasetIngestedV1.create("nobody", { datasetVersion: "v", rows: ref, rowCount: 1, columns, files: [] }),
  );
  const { data } = await validation.nextEvent(DeadLetterRecordedV1, ({ pipeline }) => pipeline === "nobody");
  expect(JSON.stringify(data)).toContain("Run cascade apply");
});

test("nothing is left in the work directory but the folder of the running process", async () => {
  await expect.poll(() => readdir(work)).toHaveLength(1);
});
