/** What the Kubernetes API did not do for us. Nothing of it is the training program's fault, so it is tried again. */
export class KubernetesError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "KubernetesError";
    this.code = code;
  }
}

export const kubernetesErrors = {
  unreachable: (what: string, cause: unknown) =>
    new KubernetesError(
      "KUBERNETES_UNREACHABLE",
      `${what}: the API server gave no answer (${cause instanceof Error ? cause.message : String(cause)}). See that it runs and that its address and its CA file are right.`,
      { cause },
    ),
  refused: (what: string, status: number, message: string) =>
    new KubernetesError(
      "KUBERNETES_REFUSED",
      `${what}: the API server answered ${status}: ${message.slice(0, 2000)}${status === 403 ? " Give the service's account a role with create, get, delete on jobs, list on pods and get on pods/log." : ""}`,
    ),
  nameTaken: (name: string) =>
    new KubernetesError(
      "KUBERNETES_JOB_NAME_TAKEN",
      `There is a Job ${name} already that belongs to something else. Remove it, or give the service a namespace of its own.`,
    ),
  gone: (name: string) =>
    new KubernetesError(
      "KUBERNETES_JOB_GONE",
      `The Job ${name} was removed by somebody else while it ran. It is created again.`,
    ),
  interrupted: (name: string, why: string) =>
    new KubernetesError(
      "KUBERNETES_JOB_INTERRUPTED",
      `The Job ${name} came to no end of its own: ${why}. It is created again.`,
    ),
  notDeleted: (name: string, timeoutMs: number) =>
    new KubernetesError(
      "KUBERNETES_JOB_NOT_DELETED",
      `The Job ${name} is still there ${timeoutMs} ms after its deletion was asked for. See what holds its pod: kubectl describe job ${name}.`,
    ),
} as const;
