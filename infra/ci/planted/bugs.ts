import type { PlantedBug } from "../../../libs/testing/src/plant-bug.ts";

/** A bug in a service or in its SQL, and the test that has to fail with it. */
export interface CaughtBug extends PlantedBug {
  readonly caughtBy: { readonly file: string; readonly test: string };
}

const messaging = "libs/messaging/src/";
const stored = `${messaging}store/`;

/** What the simulation of the messaging runtime cannot see, since it has a store of its own and no services. */
export const plantedBugs: readonly CaughtBug[] = [
  {
    name: "hands over bytes whose digest is another one, so that serving swaps to them",
    file: "libs/artifacts/src/file-store.ts",
    right: "if (copied.digest !== ref.digest || copied.sizeBytes !== ref.sizeBytes) {",
    wrong: "if (copied.sizeBytes > ref.sizeBytes) {",
    caughtBy: {
      file: "services/serving/src/serving.component.test.ts",
      test: "a model with other bytes is refused with the reason",
    },
  },
  {
    name: "lets an older assignment of traffic replace a newer one",
    file: `${messaging}broker/tail.ts`,
    right: "rank(known.data) > rank(event.data)",
    wrong: "false",
    caughtBy: {
      file: `${messaging}desired-state.component.test.ts`,
      test: "desired state is the highest revision",
    },
  },
  {
    name: "publishes only what is numbered above the last published row",
    file: `${stored}outbox.ts`,
    right: "where published_at is null and claimed_until < now()\n",
    wrong:
      "where published_at is null and claimed_until < now() and position > (select coalesce(max(position), 0) from outbox where published_at is not null)\n",
    caughtBy: {
      file: `${messaging}exactly-once.component.test.ts`,
      test: "rows that were committed in another order than numbered",
    },
  },
  {
    name: "ends a job whoever holds it",
    file: `${stored}jobs.ts`,
    right: "lease_until = null\n     where job_id = $1 and fence = $2 and status = 'running'",
    wrong: "lease_until = null\n     where job_id = $1 and $2::bigint is not null",
    caughtBy: {
      file: `${messaging}jobs.component.test.ts`,
      test: "a worker whose lease was taken over cannot finish",
    },
  },
  {
    name: "takes every event of a delivery for new",
    file: `${stored}inbox.ts`,
    right: "rows.filter((row) => row.is_new).map(",
    wrong: "rows.map(",
    caughtBy: {
      file: `${messaging}exactly-once.component.test.ts`,
      test: "the same event delivered ten times has one effect",
    },
  },
  {
    name: "plans a job again that is planned",
    file: `${stored}jobs.ts`,
    right: "on conflict (name, key) do nothing",
    wrong: "on conflict (name, key) do update set status = 'queued'",
    caughtBy: {
      file: `${messaging}jobs.component.test.ts`,
      test: "a job planned twice under one key is done once",
    },
  },
  {
    name: "promotes what was compared with an older champion",
    file: "services/registry/src/domain/decide-promotion.ts",
    right: "if (judgement.comparedWith === champion.version) {",
    wrong: "if (judgement.comparedWith !== undefined) {",
    caughtBy: {
      file: "services/registry/src/registry.component.test.ts",
      test: "a comparison with an older champion does not promote",
    },
  },
  {
    name: "calls a rollout complete before every replica is ready",
    file: "services/deployment/src/domain/replicas.ts",
    right: "!isReady(replica) && lapseOf(replica) > now.getTime()",
    wrong: "false",
    caughtBy: {
      file: "services/deployment/src/deployment.component.test.ts",
      test: "waits for a second replica that still serves the revision before",
    },
  },
];
