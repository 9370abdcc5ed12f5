import { scheduleProblems } from "@cascade/schedule";
import { z } from "zod";
import { type Described, valueAt } from "./describe-issue.ts";
import { formatPath } from "./file-problem.ts";

const path = ["training", "triggers", "schedule"];
const Written = z.object({ cron: z.string(), timeZone: z.string().default("UTC") });

/** What the contract cannot say of a schedule: whether it means anything. Of a part without the right form, that is all. */
export function checkSchedule(file: unknown, described: readonly Described[]): Described[] {
  const written = Written.safeParse(valueAt(file, path));
  if (!written.success) return [];
  const told = new Set(described.map((one) => formatPath(one.path)));
  return scheduleProblems(written.data)
    .map(({ part, message }) => ({ path: [...path, part], part: "value" as const, message }))
    .filter((problem) => !told.has(formatPath(problem.path)));
}
