import { addressCases } from "./addresses.ts";
import { framingCases } from "./framing.ts";
import type { HostileRequest } from "./http-case.ts";
import { inferBodyCases } from "./infer-bodies.ts";
import { jsonBodyCases } from "./json-bodies.ts";
import { predictBodyCases } from "./predict-bodies.ts";

export const hostileRequests: readonly HostileRequest[] = [
  ...jsonBodyCases,
  ...predictBodyCases,
  ...inferBodyCases,
  ...framingCases,
  ...addressCases,
];
