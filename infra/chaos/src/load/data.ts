import { writeFile } from "node:fs/promises";
import type { Random } from "@cascade/testing/random";

/** What a model of these pipelines is asked; its truth depends on the strength and the colour. */
export interface Row {
  readonly at: string;
  readonly strength: number;
  readonly noise: number;
  readonly colour: "red" | "green" | "blue";
}

export function makeRow(random: Random, at: Date): Row {
  return {
    at: at.toISOString(),
    strength: Number((random.next() * 4 - 2).toFixed(6)),
    noise: Number(random.next().toFixed(6)),
    colour: random.pick(["red", "green", "blue"] as const),
  };
}

export function truthOf({ strength, colour }: Row, random: Random): boolean {
  const score = 2.5 * strength + (colour === "red" ? 1 : -0.5);
  return random.next() < 1 / (1 + Math.exp(-score));
}

/** A batch of rows a minute apart, later ones from batch to batch. */
export async function writeBatch(path: string, ordinal: number, rows: number, random: Random): Promise<void> {
  const start = Date.parse("2026-01-01T00:00:00Z") + ordinal * rows * 60_000;
  const lines = Array.from({ length: rows }, (_, index) => {
    const row = makeRow(random, new Date(start + index * 60_000));
    return [row.at, row.strength, row.noise, row.colour, truthOf(row, random)].join(",");
  });
  await writeFile(path, `at,strength,noise,colour,hit\n${lines.join("\n")}\n`);
}

export interface PipelineChange {
  readonly seed: number;
  readonly minAuc: number;
}

/** The pipeline file. A linear model on few rows: the system is to be tested here, not the learner. */
export function pipelineText(pipeline: string, { seed, minAuc }: PipelineChange): string {
  return `pipeline: ${pipeline}
data:
  format: csv
  columns: { at: timestamp, strength: number, noise: number, colour: string, hit: boolean }
  eventTime: at
  label: hit
validation:
  expectations:
    - { column: noise, min: 0, max: 1 }
features:
  view: shots
  columns: { strength: strength, noise: noise, colour: colour }
training:
  task: binary
  trainer: builtin/linear
  seed: ${seed}
  window: { rows: 1000 }
  triggers: { cooldownSeconds: 0, runsPerDay: 1000 }
evaluation:
  metric: auc
  gates: [{ metric: auc, min: ${minAuc} }]
deployment: { replicaTimeoutSeconds: 20 }
monitoring: { window: { predictions: 50 }, drift: null }
`;
}
