import { availableParallelism } from "node:os";
import { columnImportance } from "../learners/gbdt/column-importance.ts";
import { exportGbdt } from "../learners/gbdt/export-gbdt.ts";
import { gbdtParametersSchema } from "../learners/gbdt/parameters.ts";
import { trainGbdt } from "../learners/gbdt/train-gbdt.ts";
import { predictionsOf } from "../learners/predictions.ts";
import { runTrainer } from "./run-trainer.ts";

// The trainer builtin/gbdt: gradient-boosted trees. The working folder is the current one.
process.exitCode = await runTrainer(
  {
    parametersSchema: gbdtParametersSchema,
    train: async ({ train, validation }, parameters, context) => {
      const { model, bestRound, stoppedBy, validationScores } = await trainGbdt(
        train,
        validation,
        parameters,
        {
          seed: context.seed,
          threadsMax: Math.min(4, availableParallelism()),
          onRound: ({ round, roundsMax, validationLoss }) => {
            context.report({ step: round, of: roundsMax, metrics: { validationLoss } });
            return context.isTimeShort() ? "stop" : undefined;
          },
        },
      );
      return {
        onnx: exportGbdt(model),
        predictions: predictionsOf(model.task, model.classes.length, validationScores),
        bestIteration: bestRound,
        stoppedBy,
        importance: columnImportance(model),
      };
    },
  },
  process.cwd(),
);
