import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** Exchanges the bytes of an artifact; the answer puts them back. */
  damage(ref: ServableModel["model"]): Promise<() => Promise<void>>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

interface Answer {
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
    damage: async ({ digest }) => {
      const hex = digest.slice("sha256:".length);
      const names = await readdir(folder.path, { recursive: true });
      const name = names.find((candidate) => candidate.endsWith(hex));
      if (name === undefined) throw new Error(`no file of ${digest} in the store`);
      const path = join(folder.path, name);
      const bytes = await readFile(path);
      const rewrite = async (content: Uint8Array) => {
        await rm(path);
        await writeFile(path, content);
      };
      await rewrite(bytes.map((byte, index) => (index === 100 ? byte ^ 1 : byte)));
      return () => rewrite(bytes);
    },
    post: (path, body, headers = { "content-type": "application/json" }) =>
      call(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) }),
    get: (path) => call(path),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** One row for the scaling model in the form of the Open Inference Protocol. */
export function v2Request(x: number, origin: string) {
  return {
    inputs: [
      { name: "x", datatype: "FP32", shape: [1, 1], data: [x] },
      { name: "origin", datatype: "BYTES", shape: [1, 1], data: [origin] },
    ],
  };
}
