import { eventOutcomes, type MessagingMetrics } from "@cascade/messaging";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface ServiceMetrics {
  readonly registry: Registry;
  readonly messaging: MessagingMetrics;
  /** Filled in when metrics are asked for. */
  readonly outboxWaiting: Gauge;
  readonly outboxOldestSeconds: Gauge;
}

/** The metrics of one service, in a registry of its own so that many services fit into one process. */
export function createMetrics(service: string): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const handled = new Counter({
    name: "cascade_events_handled_total",
    help: `Events by reaction and outcome (${eventOutcomes.join(", ")}).`,
    labelNames: ["reaction", "outcome"],
    registers,
  });
  const handling = new Histogram({
    name: "messaging_process_duration_seconds",
    help: "Time from delivery to commit, by reaction.",
    labelNames: ["reaction"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const published = new Counter({
    name: "cascade_events_published_total",
    help: "Events published, after their commit or by the sweep.",
    labelNames: ["type", "path"],
    registers,
  });
  const unpublished = new Counter({
    name: "cascade_publish_failures_total",
    help: "Attempts to publish that failed; the sweep repeats them.",
    labelNames: ["type"],
    registers,
  });
  const lost = new Counter({
    name: "cascade_events_lost_total",
    help: "Events that a stream had taken and lost, and that were published again.",
    labelNames: ["stream"],
    registers,
  });
  const jobs = new Histogram({
    name: "cascade_job_duration_seconds",
    help: "Duration of job attempts by outcome.",
    labelNames: ["job", "outcome"],
    buckets: [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    registers,
  });
  const jobRuns = new Histogram({
    name: "cascade_job_run_seconds",
    help: "Time inside the work of jobs, without claiming and concluding them.",
    labelNames: ["job"],
    buckets: [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    registers,
  });
  return {
    registry,
    outboxWaiting: new Gauge({
      name: "cascade_outbox_waiting",
      help: "Events not published yet.",
      registers,
    }),
    outboxOldestSeconds: new Gauge({
      name: "cascade_outbox_oldest_seconds",
      help: "Age of the oldest event not published yet.",
      registers,
    }),
    messaging: {
      eventHandled: (reaction, outcome, seconds) => {
        handled.inc({ reaction, outcome });
        handling.observe({ reaction }, seconds);
      },
      eventPublished: (type, path) => published.inc({ type, path }),
      publishFailed: (type) => unpublished.inc({ type }),
      eventsLost: (stream, count) => lost.inc({ stream }, count),
      jobRan: (job, seconds) => jobRuns.observe({ job }, seconds),
      jobFinished: (job, outcome, seconds) => jobs.observe({ job, outcome }, seconds),
    },
  };
}
