import { writeFile } from "node:fs/promises";

/** A row whose truth is known: the chance of a hit rises with `strength` and with the colour. */
export interface GeneratedRow {
  readonly at: string;
  readonly strength: number;
  readonly noise: number;
  readonly colour: "red" | "green" | "blue";
  readonly hit: boolean;
}

export interface GenerateOptions {
  readonly rows: number;
  readonly seed: number;
  /** First event time; a row a minute from there. */
  readonly from: string;
  /** Added to `strength`: a planted shift of what the model sees. */
  readonly shift?: number;
  /** Labels drawn without regard to the row: nothing can be learned from them. */
  readonly randomLabels?: boolean;
  /** The rule turned round: what a model has learned before is wrong now. */
  readonly inverted?: boolean;
}

const colours = ["red", "green", "blue"] as const;

/** mulberry32, a small generator whose sequence depends on the seed alone. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function generateRows(options: GenerateOptions): GeneratedRow[] {
  const random = randomFrom(options.seed);
  const start = Date.parse(options.from);
  return Array.from({ length: options.rows }, (_, index) => {
    const strength = random() * 4 - 2 + (options.shift ?? 0);
    const colour = colours[Math.floor(random() * 3)] ?? "red";
    const score = 1.8 * (strength - (options.shift ?? 0)) + (colour === "red" ? 0.8 : -0.4);
    const chance =
      options.randomLabels === true ? 0.5 : 1 / (1 + Math.exp(options.inverted === true ? score : -score));
    return {
      at: new Date(start + index * 60_000).toISOString(),
      strength: Number(strength.toFixed(6)),
      noise: Number(random().toFixed(6)),
      colour,
      hit: random() < chance,
    };
  });
}

export async function writeCsv(path: string, rows: readonly object[]): Promise<void> {
  const header = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => Object.values(row).join(","));
  await writeFile(path, `${header.join(",")}\n${lines.join("\n")}\n`);
}
