import { formatCount, printable, shorten } from "../follow/format.ts";
import type { Explanation, Simulation } from "./ask-training.ts";

const messageLength = 300;
const said = (text: string) => shorten(printable(text), messageLength);

/** What the trigger policy knows of a pipeline, and its last answers. */
export function explanationLines(shown: Explanation): string[] {
  const { runs, triggers, waiting } = shown;
  const rows = `${formatCount(shown.newRows)} since the last run`;
  const facts: [string, string | undefined][] = [
    ["run", shown.runningRunId ?? undefined],
    ["new rows", shown.hasTrainingSet ? rows : `${rows}; the training set is not built yet`],
    [
      "waits",
      waiting === null ? "nothing" : `${waiting.trigger.kind}, ${waiting.reason}: ${said(waiting.message)}`,
    ],
    ["until", waiting?.until],
    ["cooldown", shown.cooldownUntil === null ? undefined : `until ${shown.cooldownUntil}`],
    [
      "budget",
      triggers === null ? undefined : `${shown.runsToday} of ${triggers.runsPerDay} runs today (UTC)`,
    ],
    ["schedule", shown.nextDueAt === null ? undefined : `next due at ${shown.nextDueAt}`],
    ["queue", `${runs.underWay} of at most ${runs.max} runs under way, ${runs.queued} queued`],
  ];
  return [
    `${shown.pipeline}${shown.version === null ? ", not applied" : `, version ${shown.version}`}`,
    ...facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(9)} ${text}`])),
    "",
    ...(shown.decisions.length === 0 ? ["No decision yet."] : shown.decisions.flatMap(decisionLines)),
  ];
}

function decisionLines(decision: Explanation["decisions"][number]): string[] {
  const { decidedAt, outcome, trigger, reason, message, pending, runId, runStatus } = decision;
  const answer =
    outcome === "started" ? `run ${runId}, ${runStatus}` : `${reason}${pending ? ", waits" : ""}`;
  const why = outcome === "started" ? trigger.reason : `${trigger.reason}; ${message}`;
  return [`${decidedAt}  ${trigger.kind.padEnd(15)} ${answer}`, `    ${said(why)}`];
}

/** What would follow from an event, as sentences. */
export function simulationLines({ pipeline, answers, waiting, at }: Simulation): string[] {
  const starts = answers.some(({ outcome }) => outcome === "started");
  return [
    `${pipeline}, as it would be at ${at}; nothing has been changed:`,
    ...answers.map((answer) => {
      const { kind } = answer.trigger;
      if (answer.outcome === "suppressed") {
        return `  ${kind.padEnd(15)} no run, ${answer.reason}${answer.pending ? ", waits" : ""}: ${said(answer.message)}`;
      }
      const { queue, newRows } = answer;
      const place =
        queue === null ? "" : `, queued behind ${queue.ahead} (${queue.runsMax} under way at most)`;
      return `  ${kind.padEnd(15)} a run with ${formatCount(newRows)} new rows${place}`;
    }),
    ...(answers.length === 0 ? ["  nothing would be decided"] : []),
    ...(starts
      ? [
          "  then            training-run.requested, .started, and .completed, .failed or .cancelled;",
          "                  a completed run is evaluated: evaluation.passed or .failed",
        ]
      : []),
    ...(waiting === null ? [] : [`  would wait      ${waiting.trigger.kind}, ${untilOf(waiting)}`]),
  ];
}

function untilOf({ reason, until }: NonNullable<Simulation["waiting"]>): string {
  return until === undefined ? reason : `${reason} until ${until}`;
}
