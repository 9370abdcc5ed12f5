import { ConfigError, readConfig, readKitConfig } from "@cascade/service-kit";
import { expect, test } from "vitest";
import { importService } from "../import-service.ts";
import { goodEnvironment, hostileSettings, type SettingInput } from "./hostile-settings.ts";

/** Reads the configuration as a service does before it opens anything; returns the problems that it names. */
async function problemsOf({ service, variable, value }: SettingInput): Promise<readonly string[]> {
  const environment = { ...goodEnvironment, [variable]: value };
  const { settings } = await importService(service);
  const readers = [
    () => readKitConfig(service, environment),
    () => readConfig(service, settings, environment),
  ];
  return readers.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof ConfigError && error.code === "CONFIG_INVALID") return error.problems;
      throw error;
    }
  });
}

test("each hostile setting stops the service before it starts, by its name, and alone", async () => {
  const otherwise: unknown[] = [];
  for (const { name, input, wanted } of hostileSettings) {
    const problems = await problemsOf(input);
    const named = problems.every((problem) => problem.startsWith(input.variable));
    const outcome = problems.length === 0 ? "taken" : "refused";
    if (outcome !== wanted || !named) otherwise.push({ name, wanted, problems });
  }
  expect(otherwise).toEqual([]);
});
