import { ColumnType } from "@cascade/contracts";
import { z } from "zod";

const Bound = z.union([z.number(), z.string()]).nullable();

const Profile = z.object({
  rowCount: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: ColumnType,
      nulls: z.number(),
      nonFinite: z.number(),
      distinct: z.number(),
      distinctExact: z.boolean(),
      min: Bound,
      max: Bound,
      topValues: z.array(
        z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.number() }),
      ),
    }),
  ),
});

/** What suggestions need of a validation report; a newer build may write more. */
export const ReportProfile = z.object({
  profile: Profile,
  /** Where rows were set aside: those that were not. */
  acceptedProfile: Profile.optional(),
});
export type BatchProfile = z.infer<typeof Profile>;
export type ProfiledColumn = BatchProfile["columns"][number];
