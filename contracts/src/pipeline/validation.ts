import { z } from "zod";
import { PipelineName } from "../pipeline-name.ts";
import { ColumnName } from "./columns.ts";

const Severity = z
  .enum(["error", "warning"])
  .describe("error, the default: the batch or its rows are refused. warning: it is told and goes on.");

const share = z.number().min(0).max(1);
// Whoever names more, or longer ones, wants a table or a function of their own.
const conditionsMax = 100;
const sqlMax = 4000;
const patternMax = 1000;

const ColumnExpectation = z.strictObject({
  column: ColumnName,
  required: z.boolean().optional().describe("true demands a value in every row, as maxNullShare: 0 does."),
  maxNullShare: share.optional().describe("0 demands a value in every row."),
  min: z.union([z.number(), z.iso.datetime()]).optional(),
  max: z.union([z.number(), z.iso.datetime()]).optional(),
  allowed: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(10_000)
    .optional(),
  pattern: z
    .string()
    .min(1)
    .max(patternMax)
    .optional()
    .describe("An RE2 regular expression that the whole text must match."),
  finite: z.boolean().optional().describe("true refuses NaN and infinities."),
  severity: Severity.optional(),
});

const Condition = z.strictObject({
  name: z.string().min(1).max(200).optional().describe("How reports call it; its SQL where left out."),
  sql: z
    .string()
    .min(1)
    .max(sqlMax)
    .describe(
      "One scalar expression over the columns of a row, such as arrival >= departure, that is never false.",
    ),
  severity: Severity.optional(),
});

const EventTimeExpectation = z
  .strictObject({
    maxAgeSeconds: z
      .number()
      .positive()
      .optional()
      .describe("The newest event time of a batch is not older than this."),
    maxFutureSeconds: z
      .number()
      .nonnegative()
      .optional()
      .describe("No row is further in the future than this."),
    ordered: z.boolean().optional().describe("true: no row is earlier than the one before it."),
    severity: Severity.optional(),
  })
  .describe("What is demanded of data.eventTime.");

const LabelBalance = z
  .strictObject({
    minShare: share.optional().describe("Every class of the label has at least this share of the rows."),
    maxShare: share.optional().describe("No class of the label has more than this share of the rows."),
    severity: Severity.optional(),
  })
  .describe("How the classes of the label are spread.");

const distributionTests = [
  "psi",
  "jensen-shannon",
  "wasserstein",
  "kolmogorov-smirnov",
  "chi-square",
] as const;

const Distribution = z.strictObject({
  column: ColumnName,
  test: z
    .enum(distributionTests)
    .default("psi")
    .describe(
      "How the column is compared with the first accepted batch; wasserstein in standard deviations.",
    ),
  threshold: z
    .number()
    .positive()
    .optional()
    .describe(
      "psi, jensen-shannon, wasserstein: the largest distance. kolmogorov-smirnov, chi-square: the smallest p value.",
    ),
  minRows: z
    .int()
    .positive()
    .default(100)
    .describe("Batches with fewer rows are not compared: chance alone makes them differ."),
  severity: z.enum(["error", "warning"]).default("warning"),
});

// Each is a file to fetch for every batch.
const referencesMax = 20;

const Reference = z.strictObject({
  column: ColumnName,
  pipeline: PipelineName.describe("Another pipeline; the batch that was accepted of it last is referred to."),
  of: ColumnName.describe("The column there that has every value of this one."),
  severity: Severity.optional(),
});

const Leakage = z
  .strictObject({
    threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.9)
      .describe(
        "The largest share of the label that one column alone may explain, each row guessed from others.",
      ),
    ignore: z.array(ColumnName).max(1000).optional().describe("Columns that may explain all of it."),
    minRows: z.int().positive().default(100).describe("Batches with fewer rows are not looked at."),
    severity: z.enum(["error", "warning"]).default("warning"),
  })
  .describe("Columns that give the label away, because they are known only after it.");

export const ValidationSection = z
  .strictObject({
    expectations: z.array(ColumnExpectation).max(1000).default([]),
    conditions: z.array(Condition).max(conditionsMax).optional().describe("Conditions across columns."),
    unique: z.array(ColumnName).min(1).optional().describe("Columns that together must be unique."),
    references: z
      .array(Reference)
      .max(referencesMax)
      .optional()
      .describe("Columns whose values must be found in what another pipeline has accepted last."),
    eventTime: EventTimeExpectation.optional(),
    labelBalance: LabelBalance.optional(),
    distributions: z
      .array(Distribution)
      .max(1000)
      .optional()
      .describe("Columns that must be spread as they were in the first accepted batch."),
    leakage: Leakage.nullable().optional().describe("Warns by default. null: nothing is looked for."),
    rowCount: z
      .strictObject({ min: z.int().nonnegative().optional(), max: z.int().positive().optional() })
      .optional(),
    infer: z
      .boolean()
      .default(true)
      .describe(
        "Derive further expectations from the first accepted batch (types, null shares, categories).",
      ),
    inferMinRows: z
      .int()
      .positive()
      .max(1_000_000_000)
      .optional()
      .describe(
        "A batch with fewer rows teaches nothing and is not refused for what was learned, 100 where left out: a few rows are easily unlike others.",
      ),
    onViolation: z
      .enum(["reject", "quarantine"])
      .default("reject")
      .describe("reject: the batch is refused. quarantine: the rows concerned are set aside."),
    maxQuarantinedShare: share.default(0.1),
  })
  .describe("What is demanded of the data.");
export type ValidationSection = z.infer<typeof ValidationSection>;
