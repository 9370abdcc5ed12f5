import type { ServableModel } from "@cascade/contracts";
import type { Answers } from "../domain/answers.ts";
import { outputNames } from "./v2-request.ts";

/** A tensor as it stands in an answer. */
interface V2Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The requested outputs, in the order in which they were asked for. */
export function v2Outputs(
  servable: Pick<ServableModel, "task">,
  answers: Answers,
  wanted: readonly string[] | undefined,
): V2Output[] {
  return (wanted ?? outputNames(servable)).map((name): V2Output => {
    if (answers.kind === "numbers") {
      const data = [...answers.predictions];
      return { name, datatype: "FP32", shape: [data.length, 1], data };
    }
    const { labels, probabilities, width } = answers;
    return name === "label"
      ? { name, datatype: "INT64", shape: [labels.length, 1], data: [...labels] }
      : { name, datatype: "FP32", shape: [labels.length, width], data: [...probabilities] };
  });
}

/** What the protocol calls a model's metadata; -1 is the number of rows. */
export function v2Metadata(pipeline: string, versions: readonly number[], servable: ServableModel) {
  const { task, classes, features } = servable;
  return {
    name: pipeline,
    versions: versions.map(String),
    platform: "onnx_onnxv1",
    inputs: features.map(({ name, kind }) => ({
      name,
      datatype: kind === "number" ? "FP32" : "BYTES",
      shape: [-1, 1],
    })),
    outputs: outputNames(servable).map((name) => ({
      name,
      datatype: name === "label" ? "INT64" : "FP32",
      shape: [-1, name === "probabilities" ? (classes?.length ?? 0) : 1],
    })),
    properties: { task, ...(classes === undefined ? {} : { classes: JSON.stringify(classes) }) },
  };
}
