export { nextDue, passedSince, type Schedule, scheduleProblems } from "./schedule.ts";
