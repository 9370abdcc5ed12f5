import { pathToFileURL } from "node:url";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { mediaTypes, type ServableModel, TrafficAssignedV1 } from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { service } from "../service.ts";

export interface AssignedVersion {
  readonly version: number;
  readonly weightPercent: number;
  readonly servable: ServableModel;
}

export interface ServingUnderTest extends AsyncDisposable {
  readonly serving: ServiceUnderTest;
  readonly store: ArtifactStore;
  servable(model: Uint8Array, shape: Omit<ServableModel, "model">): Promise<ServableModel>;
  assign(pipeline: string, revision: number, versions: readonly AssignedVersion[]): Promise<string>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals, whatever their shape.
  readonly body: any;
}

/** Serving with an artifact store of its own, and the calls its tests make. */
export async function startServing(
  environment: Readonly<Record<string, string>> = {},
): Promise<ServingUnderTest> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryDirectory());
  const url = pathToFileURL(folder.path).href;
  const store = openArtifactStore(url);
  const serving = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: url,
      CASCADE_REPLICA: "serving-1",
      CASCADE_SERVING_WINDOW_MS: "100",
      CASCADE_SERVING_LOG_FLUSH_MS: "20",
      ...environment,
    }),
  );
  const owned = stack.move();
  const call = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(new URL(path, serving.running.url), init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    serving,
    store,
    servable: async (model, shape) => ({ ...shape, model: await store.putBytes(model, mediaTypes.onnx) }),
    assign: (pipeline, revision, versions) =>
      serving.publish(TrafficAssignedV1.create(pipeline, { revision, versions: [...versions] })),
    post: (path, body, headers = { "content-type": "application/json" }) =>
      call(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) }),
    get: (path) => call(path),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
