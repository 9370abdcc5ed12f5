import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { kubernetesErrors } from "./errors.ts";

export interface KubernetesApiOptions {
  /** https:// only, because every request carries the token. */
  readonly url: URL;
  readonly namespace: string;
  readonly tokenFile: string;
  readonly caFile: string;
  readonly requestTimeoutMs: number;
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the namespace: `jobs/name`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What comes after that is not read. */
  readonly bytesMax?: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface KubernetesApi {
  /** Resolves with any answer that is one of `expected`; all others, and none, are errors. */
  jobs(call: Call, expected: readonly number[], signal?: AbortSignal): Promise<Answer>;
  pods(call: Call, expected: readonly number[], signal?: AbortSignal): Promise<Answer>;
}

const answerBytesMax = 8 * 1024 * 1024;

/** The two kinds of objects that a training run needs, in one namespace. */
export function openKubernetesApi(options: KubernetesApiOptions): KubernetesApi {
  const { namespace } = options;
  const within = (group: string) => async (call: Call, expected: readonly number[], signal?: AbortSignal) => {
    const path = `${group}/namespaces/${encodeURIComponent(namespace)}/${call.path}`;
    const what = `${call.method} ${path}`;
    const answer = await send({ ...call, path }, options, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw kubernetesErrors.unreachable(what, error);
    });
    if (expected.includes(answer.status)) return answer;
    throw kubernetesErrors.refused(what, answer.status, answer.text);
  };
  return { jobs: within("/apis/batch/v1"), pods: within("/api/v1") };
}

async function send(
  { method, path, query = {}, body, bytesMax = answerBytesMax }: Call,
  { url, tokenFile, caFile, requestTimeoutMs }: KubernetesApiOptions,
  signal?: AbortSignal,
): Promise<Answer> {
  // Both are read anew each time: the kubelet replaces a service account's token before it expires.
  const [token, ca] = await Promise.all([readFile(tokenFile, "utf8"), readFile(caFile)]);
  const target = new URL(path, url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const limit = AbortSignal.timeout(requestTimeoutMs);
  const sent = request(target, {
    method,
    ca,
    headers: {
      authorization: `Bearer ${token.trim()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", async (response) => {
      try {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        for await (const chunk of response) {
          chunks.push(chunk);
          sizeBytes += chunk.length;
          if (sizeBytes >= bytesMax) break;
        }
        const text = Buffer.concat(chunks).subarray(0, bytesMax).toString("utf8");
        resolve({ status: response.statusCode ?? 0, text });
      } catch (error) {
        reject(error);
      }
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
