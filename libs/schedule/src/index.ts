export { nextDue, passedSince, type Schedule, scheduleProblem } from "./schedule.ts";
