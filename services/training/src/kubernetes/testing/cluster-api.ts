import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

export interface ClusterRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Requests of whoever runs the cluster, who may do everything. */
export function clusterApi(url: URL, ca: Buffer, token: string) {
  const open = async ({ method, path, body, signal }: ClusterRequest): Promise<IncomingMessage> => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = { authorization: `Bearer ${token}`, "content-type": type };
    const sent = request(new URL(path, url), { method, ca, headers, ...(signal && { signal }) });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(sent, "response");
    return response;
  };
  const ask = async (asked: ClusterRequest) => {
    const response = await open(asked);
    const answer = await text(response);
    if ((response.statusCode ?? 500) < 300) return JSON.parse(answer);
    throw new Error(`${asked.method} ${asked.path}: ${response.statusCode} ${answer}`);
  };
  return { open, ask };
}

export type ClusterApi = ReturnType<typeof clusterApi>;
