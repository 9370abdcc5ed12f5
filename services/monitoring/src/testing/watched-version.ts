import { ModelVersionPromotedV1 } from "@cascade/contracts";
import type { ColumnReference } from "@cascade/tabular";
import type { WatchedVersion } from "../domain/watched-version.ts";

const tenth = Array.from({ length: 10 }, () => 0.1);
const edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Hours spread evenly over ten bins, origins half and half, and answers spread evenly. */
export const references: readonly ColumnReference[] = [
  { name: "hour", kind: "numeric", edges, shares: [...tenth, 0] },
  { name: "origin", kind: "categorical", categories: ["SFO", "LAX"], shares: [0.5, 0.5, 0, 0] },
  { name: "prediction", kind: "numeric", edges, shares: [...tenth, 0] },
];

export const referenceFile = {
  version: 1 as const,
  rowCount: 2000,
  columns: Object.fromEntries(references.map((column) => [column.name, column])),
};

/** A version of two classes with these references. */
export function watchedVersion(version = 1): WatchedVersion {
  return {
    version,
    reference: referenceFile,
    expected: { auc: 0.9 },
    correlationId: "promotion",
    servable: {
      ...ModelVersionPromotedV1.example.servable,
      classes: ["false", "true"],
      features: [
        { name: "hour", sql: "hour", kind: "number" },
        { name: "origin", sql: "origin", kind: "category" },
      ],
    },
  };
}
