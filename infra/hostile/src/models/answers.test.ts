import { loadModel } from "@cascade/onnx";
import { expect, test } from "vitest";
import { readAnswers as readForEvaluation } from "../../../../services/evaluation/src/domain/read-answers.ts";
import {
  checkAnswers,
  readAnswers as readForServing,
} from "../../../../services/serving/src/domain/answers.ts";
import { answers } from "./answers.ts";

const model = { task: "binary", classes: ["kept", "sold"] } as const;
const rowCount = 2;

test.each(answers.map((entry) => [entry.name, entry] as const))("%s", async (_, { input, wanted }) => {
  const loaded = await loadModel(input.bytes, { intraOpThreads: 1 });
  const outputs = await loaded.run(input.columns, rowCount);
  await loaded.release();

  const read = readForEvaluation({ task: model.task, classes: [...model.classes] }, outputs, rowCount);
  if (wanted.evaluation === undefined) expect(read).toHaveProperty("kind", "classes");
  else expect(read).toMatch(wanted.evaluation);

  const serve = () =>
    checkAnswers(readForServing({ task: model.task, classes: [...model.classes] }, outputs, rowCount));
  if (wanted.serving === undefined) expect(serve).not.toThrow();
  else expect(serve).toThrow(expect.objectContaining({ code: wanted.serving }));
});
