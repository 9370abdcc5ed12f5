import { defineConfig } from "vitest/config";
import { plantingPlugins } from "./infra/ci/planted/plant.ts";

const plugins = plantingPlugins();
// A source with a planted bug must not be kept for later runs, nor be replaced by one that was kept.
const fsModuleCache = plugins.length === 0;
const ignored = ["**/node_modules/**", "**/.cascade/**", "**/.types/**"];

// unit: pure and fast. component: real NATS and Postgres. e2e: whole-system stories.
export default defineConfig({
  test: {
    // As many as the least machine has cores; the runner's own choice there is one.
    maxWorkers: 2,
    reporters: ["default", "./infra/ci/closing-line-reporter.ts"],
    projects: [
      {
        plugins,
        test: {
          fsModuleCache,
          name: "unit",
          include: ["{contracts,libs,services,infra,cli,examples}/**/*.test.ts"],
          exclude: [...ignored, "**/*.component.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins,
        test: {
          fsModuleCache,
          name: "component",
          include: ["{contracts,libs,services,infra,cli,examples}/**/*.component.test.ts"],
          exclude: ignored,
          globalSetup: ["libs/testing/src/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins,
        test: {
          fsModuleCache,
          name: "e2e",
          include: ["e2e/**/*.story.test.ts"],
          exclude: ignored,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
