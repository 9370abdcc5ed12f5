import {
  TrainingRunReproducedV1,
  TrainingRunReproductionFailedV1,
  TrainingRunReproductionRequestedV1,
} from "@cascade/contracts";
import { askAndAwait } from "../await-answer.ts";
import type { CommandContext } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { formatDuration, formatMetrics, printable } from "../follow/format.ts";
import type { Session } from "../session.ts";

/** Has a run repeated and says whether it came to the same. */
export async function reproduce(
  context: CommandContext,
  session: Session,
  run: { readonly runId: string; readonly pipeline: string },
  timeoutMs: number,
): Promise<void> {
  const { runId, pipeline } = run;
  const { answer } = await askAndAwait({
    connection: session.connection,
    answers: [TrainingRunReproducedV1, TrainingRunReproductionFailedV1],
    timeoutMs,
    isAnswer: ({ envelope }, correlationId) => envelope.correlationid === correlationId,
    hint: "It goes on without you. See what becomes of it: cascade follow",
    ask: () =>
      session.publish(TrainingRunReproductionRequestedV1.create(pipeline, { runId, by: context.by })),
  });
  if (answer.envelope.type === TrainingRunReproductionFailedV1.type) {
    const { problem, differences, log } = TrainingRunReproductionFailedV1.schema.parse(answer.data);
    context.sayJson({ reproduced: false, runId, pipeline, problem, differences, log });
    for (const difference of differences) context.say(printable(difference));
    throw new CliError(
      exitCodes.refused,
      printable(`${problem.code}: ${problem.message} ${problem.whatToDo}`),
    );
  }
  const { modelDigest, codeDigest, metrics, durationMs } = TrainingRunReproducedV1.schema.parse(answer.data);
  context.sayJson({ reproduced: true, runId, pipeline, modelDigest, codeDigest, metrics, durationMs });
  context.say(
    `${runId} of ${pipeline} is reproduced in ${formatDuration(durationMs)}: the same model and metrics.`,
  );
  context.say(`  model ${modelDigest}\n  code  ${codeDigest}\n  ${formatMetrics(metrics)}`);
}
