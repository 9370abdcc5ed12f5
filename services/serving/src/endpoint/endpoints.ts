import { type Endpoint, type EndpointOptions, openEndpoint } from "./endpoint.ts";

/** The endpoints of all pipelines on this replica. */
export interface Endpoints {
  get(pipeline: string): Endpoint | undefined;
  /** The endpoint of a pipeline, opened when it is first assigned. */
  of(pipeline: string): Endpoint;
  all(): readonly Endpoint[];
  close(): Promise<void>;
}

export function openEndpoints(options: EndpointOptions): Endpoints {
  const endpoints = new Map<string, Endpoint>();
  return {
    get: (pipeline) => endpoints.get(pipeline),
    of: (pipeline) => {
      const known = endpoints.get(pipeline);
      if (known !== undefined) return known;
      const opened = openEndpoint(pipeline, options);
      endpoints.set(pipeline, opened);
      return opened;
    },
    all: () => [...endpoints.values()].sort((a, b) => (a.pipeline < b.pipeline ? -1 : 1)),
    close: async () => {
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
    },
  };
}
