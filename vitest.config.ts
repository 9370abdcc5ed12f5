import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "**/.cascade/**", "**/.types/**"];

// unit: pure and fast. component: real NATS and Postgres. e2e: whole-system stories.
export default defineConfig({
  test: {
    reporters: ["default", "./infra/ci/closing-line-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{contracts,libs,services,infra,cli,examples}/**/*.test.ts"],
          exclude: [...ignored, "**/*.component.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "component",
          include: ["{contracts,libs,services,infra,cli,examples}/**/*.component.test.ts"],
          exclude: ignored,
          globalSetup: ["libs/testing/src/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
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
