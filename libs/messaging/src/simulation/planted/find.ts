import { simulateRange } from "../simulate.ts";

// Prints the first seed that fails. A program of its own, so that a bug can be planted before anything is loaded.
const { failedSeeds } = await simulateRange({
  from: Number(process.env.FIRST_SEED),
  count: Number(process.env.SEEDS),
  failuresMax: 1,
});
process.stdout.write(failedSeeds.join(""));
