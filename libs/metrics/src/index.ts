export { bootstrap, type Interval } from "./bootstrap.ts";
export { classMeter } from "./class-meter.ts";
export type { Meter } from "./meter.ts";
export { numberMeter } from "./number-meter.ts";
