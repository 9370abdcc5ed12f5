import {
  answered,
  goodRow,
  type HostileRequest,
  type HttpAnswer,
  type HttpInput,
  inferenceError,
  problem,
  requestTo,
} from "./http-case.ts";

/** What stands where a pipeline's name belongs, as it is written in an address. */
const names: readonly [string, string][] = [
  ["a zero", "a%00b"],
  ["a wildcard", "*"],
  ["a dot", "a.b"],
  ["a blank", "a%20b"],
  ["a line break", "a%0d%0aSet-Cookie:%20a=b"],
  ["a slash", "a%2fb"],
  ["a way up", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"],
  ["a way up, twice encoded", "%252e%252e%252fetc"],
  ["a backslash", "..%5c..%5cetc"],
  ["capitals", "Flights"],
  ["letters of another alphabet", "%D0%B0pple"],
  ["text from right to left", "%E2%80%AEstghilf"],
  ["what every object has", "__proto__"],
  ["a constructor", "constructor"],
  ["SQL", "x'%20or%20'1'='1"],
  ["a percent sign of SQL", "%25"],
  ["64 characters", "a".repeat(64)],
  ["99 characters", "a".repeat(99)],
];

const surfaces: readonly [HttpInput["service"], string, (name: string) => Uint8Array, HttpAnswer][] = [
  [
    "serving",
    "a prediction",
    (name) =>
      requestTo(`/v1/${name}/predict`, {
        method: "POST",
        body: JSON.stringify([goodRow]),
        headers: { "content-type": "application/json" },
      }),
    problem(404, "PIPELINE_UNKNOWN"),
  ],
  [
    "serving",
    "a model of the inference protocol",
    (name) => requestTo(`/v2/models/${name}`),
    inferenceError(404),
  ],
  [
    "registry",
    "the registry's models",
    (name) => requestTo(`/v1/models/${name}/versions`),
    problem(404, "PIPELINE_UNKNOWN"),
  ],
  [
    "deployment",
    "an endpoint",
    (name) => requestTo(`/v1/endpoints/${name}`),
    problem(404, "ENDPOINT_UNKNOWN"),
  ],
  [
    "monitoring",
    "what is monitored",
    (name) => requestTo(`/v1/monitoring/${name}`),
    problem(404, "PIPELINE_NOT_MONITORED"),
  ],
];

const nowhere: readonly [string, HttpInput["service"], Uint8Array, HttpAnswer][] = [
  [
    "a percent sign that is none",
    "registry",
    requestTo("/v1/pipelines/%zz"),
    problem(400, "FST_ERR_BAD_URL"),
  ],
  ["UTF-8 that is none", "registry", requestTo("/v1/pipelines/%C3"), problem(400, "FST_ERR_BAD_URL")],
  ["an encoded surrogate", "registry", requestTo("/v1/pipelines/%ED%A0%80"), problem(400, "FST_ERR_BAD_URL")],
  [
    "a name of 5,000 characters",
    "registry",
    requestTo(`/v1/pipelines/${"a".repeat(5000)}`),
    problem(414, "FST_ERR_MAX_PARAM_LENGTH"),
  ],
  ["a way up", "registry", requestTo("/v1/../../etc/passwd"), problem(404, "NOT_FOUND")],
  ["slashes", "registry", requestTo(`/${"/".repeat(5000)}`), problem(404, "NOT_FOUND")],
  [
    "a host of its own",
    "registry",
    requestTo("http://169.254.169.254/latest/meta-data"),
    problem(404, "NOT_FOUND"),
  ],
  ["the file of a program", "registry", requestTo("/.env"), problem(404, "NOT_FOUND")],
  ["a way up in the inference protocol", "serving", requestTo("/v2/models/../../x"), inferenceError(404)],
  ["no path", "registry", requestTo("*", { method: "OPTIONS" }), problem(404, "NOT_FOUND")],
];

const methods: readonly [string, HttpInput["service"], string][] = [
  ["POST", "registry", "/v1/pipelines"],
  ["PUT", "registry", "/v1/models/known/champion"],
  ["DELETE", "registry", "/v1/models/known/versions/1"],
  ["PATCH", "registry", "/v1/pipelines/known"],
  ["TRACE", "registry", "/v1/pipelines"],
  ["PROPFIND", "registry", "/v1/pipelines"],
  ["DELETE", "deployment", "/v1/endpoints/known"],
  ["DELETE", "monitoring", "/v1/monitoring/known"],
  ["POST", "serving", "/metrics"],
  ["DELETE", "serving", "/v1/flights/predict"],
];

const pages: readonly [string, string, HttpAnswer][] = [
  ["no limit", "limit=0", problem(400, "REQUEST_INVALID")],
  ["a limit below nothing", "limit=-1", problem(400, "REQUEST_INVALID")],
  ["a limit of a billion", "limit=1000000000", problem(400, "REQUEST_INVALID")],
  ["a limit beyond a double", "limit=1e999", problem(400, "REQUEST_INVALID")],
  ["a limit of half", "limit=0.5", problem(400, "REQUEST_INVALID")],
  ["a limit that is a word", "limit=all", problem(400, "REQUEST_INVALID")],
  ["a limit with SQL", "limit=1;drop%20table%20pipelines", problem(400, "REQUEST_INVALID")],
  ["a limit twice", "limit=1&limit=2", problem(400, "REQUEST_INVALID")],
  ["an empty limit", "limit=", problem(400, "REQUEST_INVALID")],
  ["a zero in the place to go on", "after=a%00b", problem(400, "REQUEST_INVALID")],
  ["a place of 5,000 characters", `after=${"a".repeat(5000)}`, problem(400, "REQUEST_INVALID")],
  ["two places", "after=a&after=b", problem(400, "REQUEST_INVALID")],
  ["a place of half a character", "after=%ED%A0%80", problem(400, "REQUEST_INVALID")],
  ["a place with SQL", "after='%20or%201=1%20--", problem(400, "REQUEST_INVALID")],
  ["a place with wildcards of SQL", "after=%25_%25", problem(400, "REQUEST_INVALID")],
  ["__proto__", "__proto__=1&constructor[prototype][a]=1", answered],
  ["2,000 parameters", Array.from({ length: 2000 }, (_, i) => `p${i}=1`).join("&"), answered],
];

const versionPages: readonly [string, string, HttpAnswer][] = [
  ["a place of nothing", "before=0", problem(400, "REQUEST_INVALID")],
  ["a place below nothing", "before=-5", problem(400, "REQUEST_INVALID")],
  ["a place beyond 32 bits", "before=2147483648", problem(400, "REQUEST_INVALID")],
  ["a place of half", "before=1.5", problem(400, "REQUEST_INVALID")],
  ["a place that is a word", "before=last", problem(400, "REQUEST_INVALID")],
];

const versions: readonly [string, HttpAnswer][] = [
  ["0", problem(400, "REQUEST_INVALID")],
  ["-1", problem(400, "REQUEST_INVALID")],
  ["1.5", problem(400, "REQUEST_INVALID")],
  ["2147483648", problem(400, "REQUEST_INVALID")],
  ["9007199254740993", problem(400, "REQUEST_INVALID")],
  ["latest", problem(400, "REQUEST_INVALID")],
  ["a%00b", problem(400, "REQUEST_INVALID")],
  ["99", problem(404, "VERSION_UNKNOWN")],
];

const at = (service: HttpInput["service"], request: Uint8Array): HttpInput => ({ service, request });

export const addressCases: readonly HostileRequest[] = [
  ...surfaces.flatMap(([service, what, request, wanted]) =>
    names.map(
      ([name, written]): HostileRequest => ({
        name: `${what} named by ${name}`,
        row: 10,
        wanted,
        input: at(service, request(written)),
      }),
    ),
  ),
  ...nowhere.map(([name, service, request, wanted]) => ({
    name: `an address of ${name}`,
    row: 10,
    wanted,
    input: at(service, request),
  })),
  ...methods.map(([method, service, path]) => ({
    name: `${method} ${service}${path}`,
    row: 50,
    wanted: problem(404, "NOT_FOUND"),
    input: at(service, requestTo(path, { method })),
  })),
  ...pages.map(([name, query, wanted]) => ({
    name: `a page of pipelines with ${name}`,
    row: 52,
    wanted,
    input: at("registry", requestTo(`/v1/pipelines?${query}`)),
  })),
  ...pages.map(([name, query, wanted]) => ({
    name: `a page of endpoints with ${name}`,
    row: 52,
    wanted,
    input: at("deployment", requestTo(`/v1/endpoints?${query}`)),
  })),
  ...versionPages.map(([name, query, wanted]) => ({
    name: `a page of versions with ${name}`,
    row: 52,
    wanted,
    input: at("registry", requestTo(`/v1/models/known/versions?${query}`)),
  })),
  ...versions.map(([version, wanted]) => ({
    name: `the version ${version} in an address`,
    row: 52,
    wanted,
    input: at("registry", requestTo(`/v1/models/known/versions/${version}`)),
  })),
];
