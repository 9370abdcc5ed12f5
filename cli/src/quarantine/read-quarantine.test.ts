import {
  type AnyEventDefinition,
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetRejectedV1,
  DatasetUnchangedV1,
  DatasetValidatedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { expect, test } from "vitest";
import { foldQuarantine } from "./read-quarantine.ts";

const event = (
  id: string,
  cause: string | undefined,
  { type, example }: AnyEventDefinition,
  changes: object = {},
): StoredEvent => ({
  stream: "CASCADE_TEST",
  sizeBytes: 1,
  storedAt: new Date("2026-01-01T00:00:00Z"),
  envelope: { specversion: "1.0", id, type, source: "/services/test", subject: "trips", causationid: cause },
  data: { ...(example as object), ...changes },
});
const aside = event("q", undefined, DatasetValidatedV1, { datasetVersion: "v" });
const again = (id: string, cause = "q", resubmits = "v") => event(id, cause, DataArrivedV2, { resubmits });
const folded = (...events: StoredEvent[]) =>
  foldQuarantine([aside, ...events]).map(({ status, resubmissions }) => [
    status,
    resubmissions.map(({ outcome }) => outcome),
  ])[0];

test.each<[string, StoredEvent[], string, string[]]>([
  ["untouched", [], "open", []],
  ["resubmitted", [again("a")], "resubmitted", ["under way"]],
  ["ingested", [again("a"), event("i", "a", DatasetIngestedV1)], "resubmitted", ["under way"]],
  [
    "accepted",
    [
      again("a"),
      event("i", "a", DatasetIngestedV1),
      event("w", "i", DatasetValidatedV1, { quarantined: undefined }),
    ],
    "resubmitted",
    ["accepted"],
  ],
  ["known already", [again("a"), event("u", "a", DatasetUnchangedV1)], "resubmitted", ["accepted"]],
  ["unreadable", [again("a"), event("f", "a", DatasetIngestionFailedV1)], "open", ["failed"]],
  [
    "rejected, and resubmitted once more",
    [again("a"), event("i", "a", DatasetIngestedV1), event("r", "i", DatasetRejectedV1), again("b")],
    "resubmitted",
    ["failed", "under way"],
  ],
  ["spoken of by others", [again("a", "other"), again("b", "q", "another version")], "open", []],
])("rows that are %s", (_, events, status, outcomes) => {
  expect(folded(...events)).toEqual([status, outcomes]);
});

test("an arrival that nobody can read is none of theirs, and a verdict without quarantine has no rows", () => {
  expect(folded(event("a", "q", DataArrivedV2, { files: "none", resubmits: "v" }))).toEqual(["open", []]);
  expect(foldQuarantine([event("w", undefined, DatasetValidatedV1, { quarantined: undefined })])).toEqual([]);
});
