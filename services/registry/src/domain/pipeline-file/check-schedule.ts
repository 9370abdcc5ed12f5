import { scheduleProblem } from "@cascade/schedule";
import { z } from "zod";
import { type Described, valueAt } from "./describe-issue.ts";

const path = ["training", "triggers", "schedule"];
const Written = z.object({ cron: z.string(), timeZone: z.string().default("UTC") });

/** What the contract cannot say of a schedule: whether it means anything. Told once it has the right form. */
export function checkSchedule(file: unknown, described: readonly Described[]): Described[] {
  const written = Written.safeParse(valueAt(file, path));
  const isOfForm = !described.some((one) => path.every((step, index) => one.path[index] === step));
  if (!written.success || !isOfForm) return [];
  const problem = scheduleProblem(written.data);
  return problem === undefined
    ? []
    : [{ path: [...path, problem.part], part: "value", message: problem.message }];
}
