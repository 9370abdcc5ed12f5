import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { type KubernetesApi, openKubernetesApi } from "../api.ts";
import { type ClusterApi, clusterApi } from "./cluster-api.ts";

/** The least that a service account needs to run training programs. */
const rules = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
];
const group = "rbac.authorization.k8s.io";

export interface ControlPlane extends AsyncDisposable {
  /** As the service sees it, with the rights that it needs and no others. */
  readonly api: KubernetesApi;
  readonly cluster: ClusterApi;
  /** By which the service finds it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The key and certificate of the API server, for whoever else has to be trusted. */
  readonly tls: { readonly key: Buffer; readonly cert: Buffer };
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
}

/** A real API server with the controllers that Jobs need. `programs` holds etcd, kube-apiserver, kube-controller-manager. */
export async function startControlPlane(programs: string): Promise<ControlPlane> {
  const directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const running = new Map<string, ChildProcess>();
  const start = (name: string, args: readonly string[]) => {
    const log = openSync(at(`${name}.log`), "a");
    running.set(name, spawn(join(programs, name), args, { stdio: ["ignore", log, log] }));
  };
  const stop = async (name: string) => {
    const child = running.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const url = new URL(`https://127.0.0.1:${port}`);
  const startApiServer = async () => {
    start("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      `--secure-port=${port}`,
      "--bind-address=127.0.0.1",
      `--cert-dir=${at("certificates")}`,
      "--service-account-issuer=https://cluster.test",
      `--service-account-signing-key-file=${at("accounts.key")}`,
      `--service-account-key-file=${at("accounts.key")}`,
      `--token-auth-file=${at("tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--disable-admission-plugins=ServiceAccount",
      "--service-cluster-ip-range=10.0.0.0/24",
    ]);
    await eventually(
      async () => {
        const ca = await readFile(at("certificates/apiserver.crt"));
        const response = await clusterApi(url, ca, "operator").open({ method: "GET", path: "/readyz" });
        response.resume();
        return response.statusCode === 200;
      },
      { describe: "the API server to be ready", timeoutMs: 120_000, intervalMs: 200 },
    );
  };
  const dispose = async () => {
    for (const name of running.keys()) await stop(name);
    await directory[Symbol.asyncDispose]();
  };
  try {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writeFile(at("accounts.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
    await writeFile(at("tokens.csv"), 'operator,operator,1,"system:masters"\nservice,service,2\n');
    await writeFile(at("token"), "service\n");
    start("etcd", [
      `--data-dir=${at("etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
    ]);
    await startApiServer();
    const caFile = at("certificates/apiserver.crt");
    const tls = { cert: await readFile(caFile), key: await readFile(at("certificates/apiserver.key")) };
    const cluster = clusterApi(url, tls.cert, "operator");
    await grant(cluster);
    await writeFile(at("kubeconfig"), JSON.stringify(kubeconfig(url, caFile)));
    start("kube-controller-manager", [
      `--kubeconfig=${at("kubeconfig")}`,
      "--controllers=job-controller,garbage-collector-controller",
      "--leader-elect=false",
      "--secure-port=0",
    ]);
    const tokenFile = at("token");
    const api = openKubernetesApi({
      url,
      namespace: "default",
      tokenFile,
      caFile,
      requestTimeoutMs: 10_000,
    });
    return {
      api,
      cluster,
      settings: {
        CASCADE_KUBERNETES_URL: url.href,
        CASCADE_KUBERNETES_TOKEN_FILE: tokenFile,
        CASCADE_KUBERNETES_CA_FILE: caFile,
      },
      tls,
      startApiServer,
      stopApiServer: () => stop("kube-apiserver"),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function grant(cluster: ClusterApi): Promise<void> {
  const metadata = { name: "cascade-trainer" };
  const base = `/apis/${group}/v1/namespaces/default`;
  await cluster.ask({ method: "POST", path: `${base}/roles`, body: { metadata, rules } });
  const subjects = [{ kind: "User", name: "service", apiGroup: group }];
  const roleRef = { kind: "Role", name: metadata.name, apiGroup: group };
  await cluster.ask({ method: "POST", path: `${base}/rolebindings`, body: { metadata, subjects, roleRef } });
}

function kubeconfig(url: URL, caFile: string) {
  const name = "test";
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url.href, "certificate-authority": caFile } }],
    users: [{ name, user: { token: "operator" } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A server on a port has no port.");
  return address.port;
}
