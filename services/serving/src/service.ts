import { TrafficAssignedV1 } from "@cascade/contracts";
import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { openDeps } from "./deps.ts";
import { addRoutes } from "./http/routes.ts";

export const service = defineService({
  name: "serving",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [],
  watches: [TrafficAssignedV1],
  open: openDeps,
  close: (deps) => deps.close(),
  problems: ({ desiredState }) => desiredState.problems(),
  // Clients of the Open Inference Protocol send JSON under other content types, or under none at all.
  jsonBodies: "any",
  http: addRoutes,
});
