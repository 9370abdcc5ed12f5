import {
  type ArtifactRef,
  entityText,
  FeatureViewFreshnessMeasuredV1,
  FeatureViewOutdatedV1,
  OnlineRow,
  onlineRowSubject,
  onlineRowsStream,
  type TrainingSet,
} from "@cascade/contracts";
import { connectBroker, noLog, openKeyValue } from "@cascade/messaging";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FeaturesUnderTest, type Row, startFeatures, tripColumns } from "./testing/start-features.ts";

const stack = new AsyncDisposableStack();
let { features, rows, apply, send } = {} as FeaturesUnderTest;

beforeAll(async () => {
  ({ features, rows, apply, send } = stack.use(await startFeatures()));
});
afterAll(() => stack.disposeAsync());

const hour = (index: number) => new Date(Date.UTC(2026, 0, 1, index)).toISOString();
const trip = (at: number, city: string | null, miles: number, tip: number | null = at): Row => ({
  seen: hour(at),
  city,
  miles,
  tip,
});
const remembering = {
  columns: { miles: "miles" },
  features: {
    entity: ["city"],
    aggregates: {
      trips: { function: "count", over: "3h" },
      far: { function: "sum", of: "miles", over: "3h" },
      before: { function: "last", of: "miles * 10", over: "100h" },
    },
  },
};

/** The rows of all parts by their label, without it. */
async function learned({ train, validation, holdout }: TrainingSet) {
  const read = async (ref: ArtifactRef) => rows.read(ref);
  const all = (await Promise.all([train, validation, holdout].map(read))).flat();
  return new Map(all.map(({ tip, ...features }) => [Number(tip), features]));
}

test("aggregates see what came before a row, in whatever order it arrived, and no label is needed for it", async () => {
  await apply("past", remembering);
  await (await send("past", [trip(0, "Oslo", 1), trip(4, "Oslo", 4), trip(5, "Rome", 50)])).failed();
  // Two come late: one of them has no label, and is history all the same.
  const late = [trip(2, "Oslo", 2, null), trip(3, "Oslo", 3), trip(6, null, 9), trip(7, "Oslo", 7)];
  const { trainingSet } = await (await send("past", late)).materialized();
  expect(await learned(trainingSet)).toEqual(
    new Map([
      [0, { miles: 1, trips: 0, far: null, before: null }],
      [3, { miles: 3, trips: 2, far: 3, before: 20 }],
      [4, { miles: 4, trips: 2, far: 5, before: 30 }],
      [5, { miles: 50, trips: 0, far: null, before: null }],
      [6, { miles: 9, trips: 0, far: null, before: null }],
      [7, { miles: 7, trips: 1, far: 4, before: 40 }],
    ]),
  );
  expect(trainingSet.features.map(({ name, sql, kind }) => `${name} ${sql} ${kind}`)).toEqual([
    "miles miles number",
    'trips "trips" number',
    'far "far" number',
    'before "before" number',
  ]);
  expect(trainingSet.lookups).toMatchObject([
    {
      pipeline: "past",
      view: "trips",
      on: [{ name: "city", type: "string" }],
      time: "seen",
      columns: [
        { name: "trips", from: "trips", type: "integer", missing: 0 },
        { name: "far", from: "far", type: "number" },
        { name: "before", from: "before", type: "number" },
      ],
    },
  ]);
});

test("a change of an aggregate is another version, computed from all of history", async () => {
  await apply("versions", remembering);
  const sent = Array.from({ length: 12 }, (_, index) => trip(index, "Oslo", 1));
  const before = await (await send("versions", sent)).materialized();
  const aggregates = { trips: { function: "count", over: "100h" } };
  const changed = await apply("versions", {
    ...remembering,
    version: 2,
    features: { ...remembering.features, aggregates },
  });
  const { trainingSet } = await changed.materialized();
  expect(trainingSet.viewDigest).not.toBe(before.trainingSet.viewDigest);
  expect((await learned(trainingSet)).get(11)).toEqual({ miles: 1, trips: 11 });
});

test("a shared view is joined as it was known at a row's time, and expires", async () => {
  const columns = [
    { name: "since", type: "timestamp" },
    { name: "town", type: "string" },
    { name: "people", type: "number" },
    { name: "label", type: "number" },
  ] as const;
  const census = (at: number, people: number) => ({ since: hour(at), town: "Oslo", people, label: at });
  const declared = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  const towns = {
    data: { columns: declared, eventTime: "since", label: "label" },
    columns: { people: "people * 1000" },
    features: {
      view: "towns",
      entity: ["town"],
      shared: true,
      aggregates: { counts: { function: "count", over: "1000h" } },
    },
  };
  const join = {
    pipeline: "towns",
    view: "towns",
    on: ["city"],
    ttl: "5h",
    columns: { people: "people", counts: "counts" },
  };
  const joining = { columns: { miles: "miles" }, features: { joins: [join] } };
  await apply("joining", joining);
  const sent = [0, 2, 4, 6, 8, 10, 20].map((at) => trip(at, at === 8 ? "Rome" : "Oslo", at));
  const { problem } = await (await send("joining", sent)).failed();
  expect(problem).toMatchObject({ code: "VIEW_UNKNOWN", whatToDo: expect.stringContaining("shared: true") });

  await apply("towns", towns);
  // Too few rows to train on, and history all the same.
  await (await send("towns", [census(2, 1), census(9, 3), census(50, 9)], columns)).failed();
  // Of the same time as one before it, and accepted later.
  await (await send("towns", [census(2, 2), census(3, 2), census(60, 9)], columns)).materialized();
  const { trainingSet } = await (await apply("joining", { ...joining, version: 2 })).materialized();
  expect(await learned(trainingSet)).toEqual(
    new Map([
      [0, { miles: 0, people: null, counts: 0 }],
      [2, { miles: 2, people: 2000, counts: 0 }],
      [4, { miles: 4, people: 2000, counts: 3 }],
      [6, { miles: 6, people: 2000, counts: 3 }],
      [8, { miles: 8, people: null, counts: 0 }],
      [10, { miles: 10, people: 3000, counts: 4 }],
      [20, { miles: 20, people: null, counts: 4 }],
    ]),
  );
  // The view is defined in another way: both pipelines are told, and the training set that joins it is renewed.
  const changed = await apply("towns", { ...towns, version: 2, columns: { people: "people + 0" } });
  const told = [await changed.changed("towns"), await changed.changed("joining")];
  for (const { data } of told) {
    expect(data).toMatchObject({ owner: "towns", view: "towns", pipelines: ["towns", "joining"] });
    expect(data.viewDigest).not.toBe(data.previousDigest);
  }
  const renewed = await changed.materialized("joining");
  expect((await learned(renewed.trainingSet)).get(10)).toEqual({ miles: 10, people: 3, counts: 4 });
  expect(renewed.trainingSet.viewDigest).not.toBe(trainingSet.viewDigest);

  const wrong = { ...join, columns: { people: "inhabitants" } };
  const lacking = await apply("joining", { ...joining, version: 3, features: { joins: [wrong] } });
  expect((await lacking.failed()).problem.code).toBe("VIEW_LACKS_COLUMN");
  const other = await apply("joining", {
    ...joining,
    version: 4,
    features: { joins: [{ ...join, on: ["city", "city"] }] },
  });
  expect((await other.failed()).problem.code).toBe("ENTITY_DIFFERS");
});

async function connectNats(servers: string) {
  const connection = await connectBroker({ servers, name: "test-online", log: noLog });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

/** What a model is told online of an entity at a time, by the same lookup that its training set names. */
async function online({ lookups = [] }: TrainingSet, entity: string, time: string) {
  await using connection = await connectNats(features.natsUrl);
  const bucket = openKeyValue({ connection, stream: onlineRowsStream, timeoutMs: 5000 });
  const [lookup] = lookups;
  if (lookup === undefined) throw new Error("the training set has no lookup");
  const found = await bucket.get(onlineRowSubject(lookup, entityText([entity]) ?? ""));
  if (found === undefined) return undefined;
  const row = OnlineRow.parse(found.value);
  return {
    ...row.values,
    ...row.steps.findLast(({ after }) => after < time)?.values,
    position: row.position,
  };
}

test("the value online is the one offline for the same entity and time, whatever has left the window by then", async () => {
  await apply("online", remembering);
  const sent = Array.from({ length: 9 }, (_, index) =>
    trip(index, index % 3 === 0 ? "Rome" : "Oslo", index + 0.5),
  );
  const before = await (await send("online", sent)).materialized();
  const at = [9, 11, 200];
  await expect.poll(() => online(before.trainingSet, "Rome", hour(9)), { timeout: 30_000 }).toBeDefined();
  const told = await Promise.all(
    at.flatMap((time) => ["Oslo", "Rome"].map((city) => online(before.trainingSet, city, hour(time)))),
  );
  // The same questions as rows: each is alone with the past that the bucket was made of.
  for (const [index, time] of at.entries()) {
    const name = `online-${time}`;
    await apply(name, remembering);
    const asked = [trip(time, "Oslo", 0, 1001), trip(time, "Rome", 0, 1002)];
    const { trainingSet } = await (
      await send(name, [...sent, ...asked, trip(900, "Bonn", 1)])
    ).materialized();
    const rowsOf = await learned(trainingSet);
    for (const [place, tip] of [1001, 1002].entries()) {
      const { miles: _, ...offline } = rowsOf.get(tip) ?? {};
      expect(told[2 * index + place]).toMatchObject(offline);
    }
  }
  // Late rows change what is known; the entity that the batch does not speak of is left alone.
  const late = await (
    await send("online", [trip(8, "Oslo", 100), ...[30, 31, 32].map((at) => trip(at, "Bonn", 1))])
  ).materialized();
  await expect
    .poll(() => online(late.trainingSet, "Oslo", hour(9)), { timeout: 30_000 })
    .toMatchObject({ trips: 3, far: 8.5 + 7.5 + 100 });
  expect(await online(late.trainingSet, "Rome", hour(9))).toEqual(told[1]);
});

test("a bucket that was lost is filled again with the next batch", async () => {
  await apply("lost", remembering);
  const first = await (
    await send(
      "lost",
      Array.from({ length: 10 }, (_, at) => trip(at, "Oslo", at)),
    )
  ).materialized();
  await expect.poll(() => online(first.trainingSet, "Oslo", hour(10)), { timeout: 30_000 }).toBeDefined();
  await using connection = await connectNats(features.natsUrl);
  await connection.request(`$JS.API.STREAM.DELETE.${onlineRowsStream.name}`);
  await send(
    "lost",
    [15, 16].map((at) => trip(at, "Rome", at)),
  );
  await expect
    .poll(() => online(first.trainingSet, "Oslo", hour(10)).catch(() => undefined), { timeout: 30_000 })
    .toMatchObject({ trips: 3 });
});

test("how old the newest row is is told, and when it is older than it may be", async () => {
  const recent = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
  const sent = Array.from({ length: 10 }, (_, index) => ({
    ...trip(0, "Oslo", 1),
    seen: recent(60 + index),
    tip: index,
  }));
  await apply("fresh", { features: { freshness: "1h" } });
  const { trainingSet } = await (await send("fresh", sent)).materialized();
  const of = (name: string) => (event: { pipeline: string }) => event.pipeline === name;
  const { data } = await features.nextEvent(FeatureViewFreshnessMeasuredV1, of("fresh"));
  expect(data).toMatchObject({
    view: "trips",
    viewDigest: trainingSet.viewDigest,
    limitSeconds: 3600,
    newestTime: sent[0]?.seen,
  });
  expect(data.ageSeconds).toBeGreaterThanOrEqual(60);

  await apply("stale", { features: { freshness: "62s" } });
  // Fresh still when it is built; the timer tells when it is not any longer.
  await send(
    "stale",
    sent.map((row, index) => ({ ...row, seen: recent(60 + index) })),
  );
  const stale = await features.nextEvent(FeatureViewOutdatedV1, of("stale"));
  expect(stale.data.ageSeconds).toBeGreaterThan(62);
});

test.each([
  ["of-text", { function: "sum", of: "city", over: "1h" }, "AGGREGATE_NOT_A_NUMBER"],
  ["of-label", { function: "sum", of: "tip", over: "1h" }, "LABEL_LEAK"],
  ["of-nothing", { function: "max", of: "nowhere", over: "1h" }, "SQL_REFUSED"],
])("%s: an aggregate that cannot be taken fails with advice", async (pipeline, aggregate, code) => {
  const features = { entity: ["city"], aggregates: { wrong: aggregate } };
  await apply(pipeline, { columns: { miles: "miles" }, features });
  const { problem } = await (await send(pipeline, [trip(0, "Oslo", 1)], tripColumns)).failed();
  expect(problem.code).toBe(code);
});
