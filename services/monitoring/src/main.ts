import { runMain } from "@cascade/service-kit";
import { service } from "./service.ts";

await runMain(service);
