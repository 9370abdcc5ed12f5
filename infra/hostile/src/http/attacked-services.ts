import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@cascade/artifacts";
import {
  mediaTypes,
  PipelineAppliedV1,
  PipelineSubmittedV1,
  ReplicaReadyV1,
  type ServableModel,
  TrafficAssignedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { scalingModel } from "../../../../services/serving/src/testing/small-models.ts";
import { importService } from "../import-service.ts";
import { fullFile } from "../pipeline-files/full-file.ts";
import type { AttackedService } from "./http-case.ts";

export type AttackedServices = Readonly<Record<AttackedService, ServiceUnderTest>> & AsyncDisposable;

const shape: Omit<ServableModel, "model"> = {
  task: "regression",
  label: "delay",
  features: [
    { name: "x", sql: "distance / 10", kind: "number" },
    { name: "origin", sql: "origin", kind: "category" },
  ],
  inputColumns: [
    { name: "distance", type: "number" },
    { name: "origin", type: "string" },
  ],
};

/** Every service that answers over HTTP, with something to ask for where that takes one event. */
export async function startAttackedServices(): Promise<AttackedServices> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryDirectory());
  const url = pathToFileURL(folder.path).href;
  const start = async (name: AttackedService) =>
    stack.use(await startForTest(await importService(name), { CASCADE_ARTIFACTS_URL: url }));
  const serving = await start("serving");
  const registry = await start("registry");
  const deployment = await start("deployment");
  const monitoring = await start("monitoring");
  const model = await openArtifactStore(url).putBytes(scalingModel(2), mediaTypes.onnx);
  const versions = [{ version: 1, weightPercent: 100, servable: { ...shape, model } }];
  await serving.publish(TrafficAssignedV1.create("flights", { revision: 1, versions }));
  await serving.nextEvent(ReplicaReadyV1);
  await registry.publish(PipelineSubmittedV1.create("known", { text: fullFile("known"), by: "ada" }));
  await registry.nextEvent(PipelineAppliedV1);
  const owned = stack.move();
  return { serving, registry, deployment, monitoring, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
