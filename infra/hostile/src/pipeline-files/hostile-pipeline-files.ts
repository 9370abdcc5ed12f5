import { contradictoryFiles } from "./contradictory-files.ts";
import { newerSettings } from "./newer-settings.ts";
import type { HostilePipelineFile } from "./pipeline-file-case.ts";
import { strangeTexts } from "./strange-texts.ts";
import { wrongSettings } from "./wrong-settings.ts";
import { yamlAttacks } from "./yaml-attacks.ts";

/** Each is submitted under a name of its own, by which its outcome is told from all others. */
export const hostilePipelineFiles: readonly HostilePipelineFile[] = [
  ...yamlAttacks,
  ...strangeTexts,
  ...wrongSettings,
  ...contradictoryFiles,
  ...newerSettings,
].map(({ text, ...rest }, index) => {
  const pipeline = `hostile-${index}`;
  return { ...rest, input: { pipeline, text: text(pipeline) } };
});
