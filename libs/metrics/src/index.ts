export { type Bootstrap, type BootstrapOptions, bootstrap, type Interval } from "./bootstrap.ts";
export { type ClassAnswers, classMeter } from "./class-meter.ts";
export { type Confusion, countConfusion } from "./confusion.ts";
export type { Meter, Weights } from "./meter.ts";
export { numberMeter } from "./number-meter.ts";
