/** What the ingestion service fetches with, as far as the attacks need to know it. */
interface FetchModule {
  fetchOverHttp(
    url: URL,
    options: {
      readonly uri: string;
      readonly target: string;
      readonly bytesLeft: number;
      readonly bytesMax: number;
      readonly ratioMax: number;
      readonly signal: AbortSignal;
      readonly allowPrivateHosts: boolean;
      readonly fetchTimeoutMs: number;
      readonly idleTimeoutMs: number;
      resolve(host: string): Promise<readonly { readonly address: string; readonly family: number }[]>;
    },
  ): Promise<unknown>;
}

interface LocationModule {
  locate(uri: string): { readonly kind: "file" } | { readonly kind: "http"; readonly url: URL };
}

const ingestion = new URL("../../../../services/ingestion/src/", import.meta.url);
const bytesMax = 2000;

export interface FetchAttempt {
  readonly uri: string;
  readonly target: string;
  readonly allowPrivateHosts: boolean;
  /** Where every name leads. */
  readonly addresses: readonly string[];
}

/** Fetches as the service would, with small limits; returns the code of the refusal, or `fetched`. */
export async function attemptFetch({ uri, addresses, ...options }: FetchAttempt): Promise<string> {
  const { fetchOverHttp }: FetchModule = await import(new URL("adapters/fetch-over-http.ts", ingestion).href);
  const { locate }: LocationModule = await import(new URL("domain/location.ts", ingestion).href);
  try {
    const location = locate(uri);
    if (location.kind === "file") return "a file";
    await fetchOverHttp(location.url, {
      ...options,
      uri,
      bytesLeft: bytesMax,
      bytesMax,
      ratioMax: 100,
      signal: new AbortController().signal,
      fetchTimeoutMs: 2000,
      idleTimeoutMs: 700,
      resolve: async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    });
    return "fetched";
  } catch (error) {
    if (error instanceof Error && "code" in error && "whatToDo" in error) return String(error.code);
    throw error;
  }
}
