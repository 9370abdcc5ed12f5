import { once } from "node:events";
import { createServer } from "node:https";
import type { Readable } from "node:stream";
import { eventually } from "@cascade/testing";
import { jobName } from "../job-manifest.ts";
import type { ControlPlane } from "./start-control-plane.ts";

const name = "played";
const pods = "/api/v1/namespaces/default/pods";

/** What a node says of a container, as a kubelet writes it into the pod's status. */
interface PlayedStatus {
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly reason?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message: string;
  }[];
  readonly state?: object;
}

export interface PlayedNode extends AsyncDisposable {
  readonly logs: Map<string, string>;
  /** Tells what has become of a run's pod, once it is there. */
  tell(run: { readonly runId: string; readonly trial?: number }, status: PlayedStatus): Promise<void>;
}

/**
 * A node without a kubelet: pods are given to it, tests say what becomes of them, it hands out their logs as a kubelet
 * does, and confirms that a pod is gone when it is to go. No container is run.
 */
export async function playNode({ cluster, tls }: ControlPlane): Promise<PlayedNode> {
  const logs = new Map<string, string>();
  const kubelet = createServer(tls, (request, response) => {
    const [, , , pod = ""] = new URL(request.url ?? "", "https://node").pathname.split("/");
    response.end(logs.get(pod) ?? "");
  }).listen(0, "127.0.0.1");
  await once(kubelet, "listening");
  const address = kubelet.address();
  if (address === null || typeof address === "string") throw new Error("A server on a port has no port.");
  await cluster.ask({ method: "POST", path: "/api/v1/nodes", body: { metadata: { name } } });
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: address.port } },
  };
  await cluster.ask({ method: "PATCH", path: `/api/v1/nodes/${name}/status`, body: { status } });

  const podOf = async (job: string) => {
    const query = new URLSearchParams({ labelSelector: `batch.kubernetes.io/job-name=${job}` });
    const found = await cluster.ask({ method: "GET", path: `${pods}?${query}` });
    return found.items.find(
      (pod: { metadata: { deletionTimestamp?: string } }) => !pod.metadata.deletionTimestamp,
    );
  };
  const ended = new AbortController();
  const serving = serve(cluster, ended.signal);
  return {
    logs,
    tell: async (run, { state, ...told }) => {
      const describe = "the pod to be there";
      const pod = await eventually(() => podOf(jobName(run)), { describe, timeoutMs: 60_000 });
      const containerStatuses = [
        { name: "trainer", image: "image", imageID: "", ready: false, restartCount: 0, state },
      ];
      const body = { status: { ...told, ...(state && { containerStatuses }) } };
      await cluster.ask({ method: "PATCH", path: `${pods}/${pod.metadata.name}/status`, body });
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await serving;
      kubelet.closeAllConnections();
      kubelet.close();
    },
  };
}

/** Follows the pods until the end, over restarts of the API server. */
async function serve(cluster: ControlPlane["cluster"], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const watch = await cluster.open({ method: "GET", path: `${pods}?watch=true`, signal });
      for await (const line of linesOf(watch)) {
        const { type, object: pod } = JSON.parse(line);
        if (type === "DELETED") continue;
        const path = `${pods}/${pod.metadata.name}`;
        if (pod.metadata.deletionTimestamp !== undefined) {
          await cluster.ask({ method: "DELETE", path: `${path}?gracePeriodSeconds=0` });
        } else if (pod.spec.nodeName === undefined) {
          const body = { metadata: { name: pod.metadata.name }, target: { kind: "Node", name } };
          await cluster.ask({ method: "POST", path: `${path}/binding`, body });
        }
      }
    } catch (error) {
      // The API server is away, or a pod has changed meanwhile, which the next look shows.
      if (!(error instanceof Error)) throw error;
    }
  }
}

/** Unlike those of readline, an error of the stream is one of the loop over it. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
