import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { foldView, type ShownView } from "../features/fold-view.ts";
import { formatAge } from "../follow/format.ts";

export function addFeatures(program: Command): void {
  const features = program.command("features").description("Look at feature views.");
  features
    .command("show")
    .description("Show a feature view: its version, its age, and the pipelines that a change of it touches.")
    .argument("<view>")
    .action(async (view: string, _: object, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const { connection } = session;
      // A pipeline may have several views, so the newest event of a pipeline is not that of each view.
      const read = ["cascade.pipeline.applied.*.*", "cascade.feature-view.*.*.*"];
      const events = await Promise.all(
        read.map((subject) => collectEvents({ connection, which: "all", subject })),
      );
      const found = foldView(events.flat(), view);
      if (found.length === 0)
        throw new CliError(
          exitCodes.refused,
          `No pipeline declares a view "${view}". The name is features.view of a pipeline's file, or below features.views.`,
        );
      context.sayJson(found);
      for (const one of found) context.say(describeView(one).join("\n"));
    });
}

function describeView(shown: ShownView): string[] {
  const { changed, newestTime, ageSeconds = 0 } = shown;
  const lines: [string, string | undefined][] = [
    ["entity", shown.entity.join(", ") || undefined],
    ["version", shown.viewDigest],
    ["rows", shown.rows?.toString()],
    ["changed", changed && `${changed.at}, from ${changed.from} to ${changed.to}`],
    ["touches", shown.pipelines.join(", ")],
    [
      "newest",
      newestTime && `${newestTime}, ${formatAge(ageSeconds)} old${shown.outdated ? ": outdated" : ""}`,
    ],
    ["problem", shown.problem],
  ];
  return [
    `${shown.view} of ${shown.pipeline}${shown.shared ? ", shared" : ""}`,
    ...lines.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(10)} ${text}`])),
  ];
}
