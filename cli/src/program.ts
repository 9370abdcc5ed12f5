import { Command } from "commander";
import { addApply } from "./commands/apply.ts";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addExpectations } from "./commands/expectations.ts";
import { addFeatures } from "./commands/features.ts";
import { addFollow } from "./commands/follow.ts";
import { addOperatorCommands } from "./commands/operate.ts";
import { addPredict } from "./commands/predict.ts";
import { addPublish } from "./commands/publish.ts";
import { addQuarantine } from "./commands/quarantine.ts";
import { addRebuild } from "./commands/rebuild.ts";
import { addReport } from "./commands/report.ts";
import { addRuns } from "./commands/runs.ts";
import { addStatus } from "./commands/status.ts";
import { addTriggers } from "./commands/triggers.ts";

const epilogue = `
The system is found through --nats or CASCADE_NATS_URL (and CASCADE_<SERVICE>_URL), or through the
.cascade folder of a running \`npm start\` in this folder or one above it, or the data directory that
CASCADE_DATA_DIRECTORY names. So is the operator's key for NATS;
elsewhere CASCADE_NATS_NKEY_FILE names it.

Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 the system cannot be reached, 4 no answer in time.`;

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command("cascade")
    .description("From new data to a serving model, by events alone.")
    .option("--nats <url>", "address of NATS")
    .option("--json", "machine-readable output")
    .option("--by <name>", "who asks; your login name where left out")
    .showHelpAfterError()
    .addHelpText("after", epilogue)
    .exitOverride();
  addApply(program);
  addPublish(program);
  addFollow(program);
  addStatus(program);
  addRuns(program);
  addTriggers(program);
  addFeatures(program);
  addPredict(program);
  addOperatorCommands(program);
  addDeadLetters(program);
  addExpectations(program);
  addQuarantine(program);
  addReport(program);
  addRebuild(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
