import { nearestName } from "@cascade/service-kit/nearest-name";
import { z } from "zod";
import { LearnerError } from "../errors.ts";
import type { FeatureTable, Task } from "../table.ts";

/** In which direction the score may move as a column's present values rise, by the column's name. */
export const monotoneSchema = z.record(z.string(), z.enum(["increasing", "decreasing"])).default({});

export type Monotone = z.infer<typeof monotoneSchema>;

/** 1, -1 or 0 for each column; undefined where no column is bound. */
export function monotoneSigns(table: FeatureTable, task: Task, monotone: Monotone): Int8Array | undefined {
  const names = Object.keys(monotone);
  if (names.length === 0) return undefined;
  if (task === "multiclass") {
    throw new LearnerError(
      "PARAMETER_UNFIT",
      "monotone: the shares of several classes cannot all rise together; use it for binary or regression",
    );
  }
  const signs = new Int8Array(table.columns.length);
  for (const name of names) {
    const index = table.columns.findIndex((column) => column.name === name);
    const column = table.columns[index];
    if (!column) {
      const near = nearestName(
        name,
        table.columns.map((one) => one.name),
      );
      const question = near === undefined ? "" : `; did you mean ${near}?`;
      throw new LearnerError("PARAMETER_UNFIT", `monotone: there is no column ${name}${question}`);
    }
    if (column.type !== "number") {
      throw new LearnerError("PARAMETER_UNFIT", `monotone: ${name} is a category, and those have no order`);
    }
    signs[index] = monotone[name] === "increasing" ? 1 : -1;
  }
  return signs;
}
