export {
  ConfigError,
  type ConfigOf,
  type Environment,
  numberSetting,
  readConfig,
  type Setting,
  setting,
} from "./config.ts";
export { PortTakenError } from "./http-server.ts";
export { messagingVariable, readKitConfig } from "./kit-config.ts";
export { createLogger } from "./logging.ts";
export { HttpProblem } from "./problem.ts";
export { removeFolder } from "./remove-folder.ts";
export { runMain } from "./run-main.ts";
export { type AnyService, defineService, type Kit, type Service } from "./service.ts";
export { type RunningService, startService } from "./start-service.ts";
export { startTelemetry, type Telemetry } from "./telemetry.ts";
export { openWorkingFolder, removeLeftovers } from "./working-folder.ts";
