import { setTimeout as delay } from "node:timers/promises";
import type { ServableModel } from "@cascade/contracts";
import { describeError, type Logger } from "@cascade/messaging";
import {
  type AssignedTraffic,
  type Assignment,
  type LoadFailure,
  loadProblem,
  mayPass,
  modelKey,
} from "./assignment.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** A version that takes traffic. */
interface ActiveVersion {
  readonly version: number;
  readonly weightPercent: number;
  readonly model: LoadedModel;
}

/** What requests are answered by; replaced as a whole, so that no request ever sees half a swap. */
interface ActiveTraffic {
  readonly revision: number;
  readonly versions: readonly ActiveVersion[];
}

export type Outcome = { readonly kind: "ready" } | ({ readonly kind: "failed" } & LoadFailure);

export interface EndpointOptions {
  readonly log: Logger;
  readonly loadAttempts: number;
  readonly loadRetryMs: number;
  load(version: number, servable: ServableModel): Promise<LoadedModel>;
  /** Told whenever the outcome of an assignment is known, also again where it is assigned again. */
  settled(pipeline: string, assignment: Assignment, outcome: Outcome): void;
}

export interface Endpoint {
  readonly pipeline: string;
  active(): ActiveTraffic | undefined;
  wanted(): Assignment | undefined;
  /** Undefined while the newest assignment is being loaded. */
  outcome(): Outcome | undefined;
  assign(assignment: Assignment): void;
  close(): Promise<void>;
}

/**
 * Brings one pipeline's models to what is assigned. Everything is loaded before the one statement that moves
 * the traffic; where something cannot be loaded, what served before goes on serving.
 */
export function openEndpoint(pipeline: string, options: EndpointOptions): Endpoint {
  const { log, settled } = options;
  const models = new Map<string, LoadedModel>();
  const closing = new AbortController();
  let wanted: Assignment | undefined;
  let active: ActiveTraffic | undefined;
  let outcome: Outcome | undefined;
  let work: Promise<void> | undefined;
  let retryTimer: NodeJS.Timeout | undefined;

  function assign(assignment: Assignment): void {
    const { revision } = assignment.traffic;
    const current = wanted?.traffic.revision ?? 0;
    if (closing.signal.aborted || revision < current) return;
    wanted = assignment;
    if (revision === current) {
      if (outcome !== undefined) settled(pipeline, assignment, outcome);
      return;
    }
    outcome = undefined;
    start();
  }

  function start(): void {
    clearTimeout(retryTimer);
    work ??= converge();
  }

  async function converge(): Promise<void> {
    for (let done: Assignment | undefined; !closing.signal.aborted && !isDone(done); ) {
      done = wanted;
      if (done === undefined) break;
      const failure = await loadAll(done.traffic);
      if (closing.signal.aborted || !isDone(done)) continue;
      conclude(done, failure);
    }
    // In the same turn as the last look at what is wanted: an assignment that comes now starts anew.
    work = undefined;
  }

  /** The same revision may be assigned again while it is being loaded: that is no new work. */
  function isDone(assignment: Assignment | undefined): boolean {
    return assignment !== undefined && assignment.traffic.revision === wanted?.traffic.revision;
  }

  async function loadAll({ versions }: AssignedTraffic): Promise<LoadFailure | undefined> {
    let failure: LoadFailure | undefined;
    for (const assigned of versions) {
      const key = modelKey(assigned);
      if (models.has(key)) continue;
      try {
        models.set(key, await loadPatiently(assigned.version, assigned.servable));
      } catch (error) {
        log.warn(
          { pipeline, version: assigned.version, error: describeError(error) },
          "a version was not loaded",
        );
        failure ??= { version: assigned.version, problem: loadProblem(error) };
      }
    }
    return failure;
  }

  async function loadPatiently(version: number, servable: ServableModel): Promise<LoadedModel> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await options.load(version, servable);
      } catch (error) {
        if (attempt >= options.loadAttempts || !mayPass(error) || closing.signal.aborted) throw error;
        await delay(100 * 2 ** attempt, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  function conclude(assignment: Assignment, failure: LoadFailure | undefined): void {
    const { revision, versions } = assignment.traffic;
    const loaded = versions.flatMap((assigned) => {
      const model = models.get(modelKey(assigned));
      const { version, weightPercent } = assigned;
      return model === undefined ? [] : [{ version, weightPercent, model }];
    });
    // A replica that has nothing yet answers by what it could load, rather than not at all.
    if (failure === undefined || (active === undefined && loaded.length > 0)) {
      active = { revision, versions: loaded };
    }
    retireUnused();
    const before = outcome?.kind;
    outcome = failure === undefined ? { kind: "ready" } : { kind: "failed", ...failure };
    if (before === undefined || before !== outcome.kind) settled(pipeline, wanted ?? assignment, outcome);
    log.info({ pipeline, revision, outcome: outcome.kind }, "a traffic assignment was settled");
    if (failure !== undefined) retryTimer = setTimeout(retry, options.loadRetryMs).unref();
  }

  function retry(): void {
    if (!closing.signal.aborted && outcome?.kind === "failed") start();
  }

  function retireUnused(): void {
    const used = new Set(active?.versions.map(({ model }) => model));
    for (const [key, model] of models) {
      if (used.has(model)) continue;
      models.delete(key);
      model.retire().catch((error) => {
        log.warn({ pipeline, error: describeError(error) }, "a model could not be released");
      });
    }
  }

  return {
    pipeline,
    active: () => active,
    wanted: () => wanted,
    outcome: () => outcome,
    assign,
    close: async () => {
      closing.abort();
      clearTimeout(retryTimer);
      await work;
      active = undefined;
      await Promise.all([...models.values()].map((model) => model.retire()));
    },
  };
}
