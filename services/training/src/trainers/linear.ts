import { exportLinear } from "../learners/linear/export-linear.ts";
import { linearParametersSchema } from "../learners/linear/parameters.ts";
import { scoreLinear, trainLinear } from "../learners/linear/train-linear.ts";
import { predictionsOf } from "../learners/predictions.ts";
import { runTrainer } from "./run-trainer.ts";

// The trainer builtin/linear: linear and logistic regression with L1 and L2 penalties. The working folder is the current one.
process.exitCode = await runTrainer(
  {
    parametersSchema: linearParametersSchema,
    train: async ({ train, validation }, parameters, context) => {
      const { model, stoppedBy } = trainLinear(train, parameters, {
        onFit: ({ fit, of, iterations }) => context.report({ step: fit, of, metrics: { iterations } }),
      });
      const scores = scoreLinear(model, validation.features);
      return {
        onnx: exportLinear(model),
        stoppedBy,
        predictions: predictionsOf(model.task, model.classes.length, scores),
      };
    },
  },
  process.cwd(),
);
