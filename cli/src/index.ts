export { PredictAnswer, predict } from "./commands/predict.ts";
export { CliError, exitCodes } from "./errors.ts";
export { type Follower, type FollowOptions, follow, type Screen, screenOf } from "./follow/follower.ts";
export { formatDuration, formatMetrics, formatScore } from "./follow/format.ts";
export { openSession, type Session } from "./session.ts";
