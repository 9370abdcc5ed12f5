import { type NewEvent, ServingWindowReportedV1 } from "@cascade/contracts";
import { describeError, type Logger, type PublishedCause, type Publisher } from "@cascade/messaging";
import type { Endpoints } from "../endpoint/endpoints.ts";
import { countRequest, emptyWindow, quantile, type ServingWindow } from "./serving-window.ts";

export interface WindowReporterOptions {
  readonly replica: string;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly windowMs: number;
  /** How often an endpoint without requests shows that its replica is there. */
  readonly idleWindowMs: number;
  readonly endpoints: Endpoints;
}

interface Served {
  readonly pipeline: string;
  readonly revision: number;
  readonly version: number;
  readonly latencyMs: number;
  readonly failed: boolean;
}

export interface WindowReporter {
  count(served: Served): void;
  close(): Promise<void>;
}

/** Unpublished reports that are kept while the broker is away; the oldest go first. */
const waitingMax = 1000;

/** Reports at every interval what each version has answered. */
export function reportWindows(options: WindowReporterOptions): WindowReporter {
  const { replica, publisher, log, windowMs, idleWindowMs, endpoints } = options;
  const windows = new Map<string, { of: Omit<Served, "latencyMs" | "failed">; window: ServingWindow }>();
  const lastReported = new Map<string, number>();
  const waiting: { readonly event: NewEvent; readonly cause: PublishedCause | undefined }[] = [];
  let from = new Date();
  let publishing: Promise<void> | undefined;

  function close(to: Date): void {
    for (const { of, window } of windows.values()) {
      lastReported.set(of.pipeline, to.getTime());
      const { requests, errors, latenciesMs } = window;
      const { pipeline, revision, version } = of;
      // What is judged by it belongs to the cascade that assigned the traffic.
      const assigned = endpoints.get(pipeline)?.wanted();
      const cause = assigned?.traffic.revision === revision ? assigned.cause : undefined;
      waiting.push({
        cause,
        event: ServingWindowReportedV1.create(pipeline, {
          replica,
          revision,
          version,
          from: from.toISOString(),
          to: to.toISOString(),
          requests,
          errors,
          latencyP50Ms: quantile(latenciesMs, 0.5),
          latencyP99Ms: quantile(latenciesMs, 0.99),
        }),
      });
    }
    windows.clear();
    from = to;
    waiting.splice(0, Math.max(0, waiting.length - waitingMax));
  }

  /** Whoever judges a rollout waits for the replicas it knows to be alive: also for idle ones. */
  function addIdle(now: Date): void {
    for (const { pipeline, active } of endpoints.all()) {
      const traffic = active();
      const version = traffic?.versions.at(-1)?.version;
      if (traffic === undefined || version === undefined) continue;
      const last = lastReported.get(pipeline) ?? 0;
      if (now.getTime() - last < idleWindowMs) continue;
      windowOf({ pipeline, revision: traffic.revision, version });
    }
  }

  function windowOf(of: Omit<Served, "latencyMs" | "failed">): ServingWindow {
    const key = `${of.pipeline} ${of.revision} ${of.version}`;
    const known = windows.get(key);
    if (known !== undefined) return known.window;
    const window = emptyWindow();
    windows.set(key, { of, window });
    return window;
  }

  function publishWaiting(): Promise<void> {
    publishing ??= publishAll().finally(() => {
      publishing = undefined;
    });
    return publishing;
  }

  async function publishAll(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await publisher.publish(next.event, next.cause);
      } catch (error) {
        waiting.unshift(next);
        log.warn({ error: describeError(error) }, "a serving window was not reported yet");
        return;
      }
    }
  }

  const timer = setInterval(() => {
    const now = new Date();
    addIdle(now);
    close(now);
    void publishWaiting();
  }, windowMs);

  return {
    count: ({ pipeline, revision, version, ...request }) => {
      countRequest(windowOf({ pipeline, revision, version }), request, Math.random());
    },
    close: async () => {
      clearInterval(timer);
      await publishing;
      close(new Date());
      await publishWaiting();
    },
  };
}
