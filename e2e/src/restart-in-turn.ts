import { predict } from "@cascade/cli";
import { PredictionsLoggedV1 } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { HostedService } from "@cascade/stack";
import { eventually } from "@cascade/testing";
import { generateRows } from "./generated-data.ts";
import type { Story } from "./story.ts";

interface Served {
  /** The ids of all predictions that were answered. */
  readonly answered: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Stops each replica of each service and starts it again, the first ones of all services together, then the second
 * ones, while a caller asks for predictions and data arrive. As a balancer does, the caller leaves out a replica from before
 * it stops until it says that it is ready again.
 */
export async function restartInTurn(
  story: Story,
  pipeline: string,
  arrive: () => Promise<void>,
): Promise<Served> {
  const answered: string[] = [];
  const failed: string[] = [];
  const away = new Set<string>();
  const rows = generateRows({ rows: 20, seed: 9, from: "2026-04-01T00:00:00.000Z" }).map(
    ({ hit: _, ...row }) => row,
  );
  let running = true;
  const call = async () => {
    for (let turn = 0; running; turn++) {
      const ready = story.stack
        .services()
        .filter(({ name, replica }) => name === "serving" && !away.has(replica));
      const replica = ready[turn % ready.length];
      if (replica === undefined) throw new Error("no replica of serving is left to ask");
      try {
        const { predictions } = await predict(replica.url, pipeline, rows);
        answered.push(...predictions.map(({ id }) => id));
      } catch (error) {
        failed.push(`${replica.replica}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const calling = call();

  const restart = async ({ replica, stop }: HostedService) => {
    away.add(replica);
    await stop();
    const again = await story.stack.startAgain(replica);
    await eventually(async () => (await fetch(`${again.url}/readyz`)).ok, {
      describe: `${replica} to be ready again`,
    });
    away.delete(replica);
  };
  try {
    for (const ordinal of [1, 2]) {
      const wave = story.stack.services().filter(({ replica }) => replica.endsWith(`-${ordinal}`));
      await arrive();
      const restarting = Promise.all(wave.map(restart));
      await arrive();
      await restarting;
    }
  } finally {
    running = false;
    await calling;
  }
  return { answered, failed };
}

/** The ids of all predictions that were logged, once all of those given are among them. */
export function loggedPredictions(story: Story, expected: readonly string[]): Promise<readonly string[]> {
  return eventually(
    async () => {
      const events = await collectEvents({
        connection: story.session.connection,
        which: "all",
        subject: `${PredictionsLoggedV1.type}.*`,
      });
      const logged = events.flatMap(({ data }) =>
        PredictionsLoggedV1.schema.parse(data).predictions.map(({ id }) => id),
      );
      const known = new Set(logged);
      return expected.every((id) => known.has(id)) && logged;
    },
    { describe: `${expected.length} logged predictions` },
  );
}
