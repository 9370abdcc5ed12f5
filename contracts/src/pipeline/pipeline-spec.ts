import { z } from "zod";
import { anyPipeline } from "../events/bucket-notified.v1.ts";
import { PipelineName } from "../pipeline-name.ts";
import { contradictions } from "./contradictions.ts";
import { DataSection } from "./data.ts";
import { FeaturesSection } from "./feature-view.ts";
import { fitsTask } from "./metrics.ts";
import { EvaluationSection, TrainingSection } from "./model.ts";
import { DeploymentSection, MonitoringSection, PromotionSection } from "./operation.ts";
import { tolerant } from "./tolerant.ts";
import { ValidationSection } from "./validation.ts";
import { validationContradictions } from "./validation-contradictions.ts";
import { featureNames } from "./view-contradictions.ts";

/** A pipeline as a person declares it, with every default filled in; a field that it does not know is a mistake. */
export const PipelineSpec = z
  .strictObject({
    pipeline: PipelineName,
    data: DataSection,
    validation: ValidationSection.prefault({}),
    features: FeaturesSection,
    training: TrainingSection,
    evaluation: EvaluationSection.prefault({}),
    promotion: PromotionSection.prefault({}),
    deployment: DeploymentSection.prefault({}),
    monitoring: MonitoringSection.prefault({}),
  })
  .superRefine((spec, context) => {
    if (spec.pipeline === anyPipeline) {
      const message = `"${anyPipeline}" is no name for a pipeline: bucket notices are addressed with it to all of them`;
      context.addIssue({ code: "custom", path: ["pipeline"], message });
    }
    const columns = new Set(Object.keys(spec.data.columns));
    const demand = (column: string | undefined, path: (string | number)[]) => {
      if (column !== undefined && !columns.has(column)) {
        context.addIssue({ code: "custom", path, message: `"${column}" is no column of data.columns` });
      }
    };
    demand(spec.data.label, ["data", "label"]);
    demand(spec.data.eventTime, ["data", "eventTime"]);
    spec.data.key?.forEach((column, index) => {
      demand(column, ["data", "key", index]);
    });
    spec.training.split.key?.forEach((column, index) => {
      demand(column, ["training", "split", "key", index]);
    });
    spec.validation.unique?.forEach((column, index) => {
      demand(column, ["validation", "unique", index]);
    });
    spec.validation.expectations.forEach((expectation, index) => {
      demand(expectation.column, ["validation", "expectations", index, "column"]);
    });
    const { eventTime } = spec.data;
    if (eventTime !== undefined && columns.has(eventTime) && spec.data.columns[eventTime] !== "timestamp") {
      context.addIssue({
        code: "custom",
        path: ["data", "eventTime"],
        message: "the event time must be a column of type timestamp",
      });
    }
    const features = new Set(featureNames(spec.features));
    spec.monitoring.drift?.columns?.forEach((column, index) => {
      if (!features.has(column)) {
        context.addIssue({
          code: "custom",
          path: ["monitoring", "drift", "columns", index],
          message: `"${column}" is no feature of features.columns`,
        });
      }
    });
    const label = spec.data.label;
    if (Object.hasOwn(spec.features.columns, label)) {
      context.addIssue({
        code: "custom",
        path: ["features", "columns", label],
        message: "a feature may not have the label's name: the model would see what it is to predict",
      });
    }
    const metrics: [string | undefined, (string | number)[]][] = [
      [spec.evaluation.metric, ["evaluation", "metric"]],
      [spec.monitoring.quality?.metric, ["monitoring", "quality", "metric"]],
      ...spec.evaluation.gates.map((gate, index): [string, (string | number)[]] => [
        gate.metric,
        ["evaluation", "gates", index, "metric"],
      ]),
    ];
    for (const [metric, path] of metrics) {
      if (metric !== undefined && !fitsTask(metric, spec.training.task)) {
        context.addIssue({
          code: "custom",
          path,
          message: `${metric} is no metric of a ${spec.training.task} task`,
        });
      }
    }
    for (const { path, message } of [...contradictions(spec), ...validationContradictions(spec)]) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

export type PipelineSpec = z.infer<typeof PipelineSpec>;

/** A pipeline as `pipeline.applied` carries it, also where a newer build has published it. */
export const AppliedSpec = tolerant(PipelineSpec);
