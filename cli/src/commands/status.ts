import { services } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { z } from "zod";
import { type CommandContext, contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { foldRuns, isUnfinished } from "../runs/fold-runs.ts";
import { foldStatus, type PipelineStatus } from "../status/fold-status.ts";

interface ServiceStatus {
  readonly service: string;
  readonly url?: string;
  readonly ready: boolean;
  readonly problems: readonly string[];
}

const Readiness = z.object({ ready: z.boolean(), problems: z.array(z.string()) });

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("Show every service, and what each pipeline is at. Exits 1 when a service is not ready.")
    .action(async (_: object, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const [states, events] = await Promise.all([
        Promise.all(services.map((service) => askService(context, service))),
        collectEvents({ connection: session.connection, which: "last" }),
      ]);
      const pipelines = foldStatus(events);
      const runs = foldRuns(events).filter(isUnfinished);
      context.sayJson({ services: states, pipelines, runs });
      for (const { service, ready, problems } of states) {
        const mark = ready
          ? context.colors.green("ready")
          : context.colors.red(`not ready: ${problems.join("; ")}`);
        context.say(`${service.padEnd(12)} ${mark}`);
      }
      const queued = runs.filter(({ status }) => status === "queued").length;
      if (runs.length > 0) context.say(`\nruns: ${runs.length - queued} under way, ${queued} queued`);
      for (const pipeline of pipelines) context.say(describePipeline(pipeline));
      if (pipelines.length === 0) context.say("\nNo pipeline is applied. cascade apply FILE");
      const failing = states.filter(({ ready }) => !ready);
      if (failing.length > 0) throw new CliError(exitCodes.refused, `${failing.length} service(s) not ready`);
    });
}

async function askService(context: CommandContext, service: string): Promise<ServiceStatus> {
  try {
    const url = context.addresses.urlOf(service);
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) });
    return { service, url, ...Readiness.parse(await response.json()) };
  } catch (error) {
    const reason = error instanceof CliError ? error.message : "does not answer";
    return { service, ready: false, problems: [reason] };
  }
}

function describePipeline(status: PipelineStatus): string {
  const lines = status.lines.map(({ label, text, at }) => `  ${label.padEnd(10)} ${text}  ${at}`);
  return `\n${status.pipeline}\n${lines.join("\n")}`;
}
