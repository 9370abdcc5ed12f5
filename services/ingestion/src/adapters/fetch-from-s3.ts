import { AwsV4Signer } from "aws4fetch";
import type { S3Object } from "../domain/s3-location.ts";
import { type IngestionError, ingestionErrors } from "../errors.ts";
import { type FetchOptions, fetchOverHttp, type Refusal } from "./fetch-over-http.ts";
import type { Taken } from "./take-bytes.ts";

export interface S3Access {
  /** Such as https://minio.example:9000; Amazon's where it is left out. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Without it requests are not signed, which is enough for public buckets. */
  readonly credentials:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken: string | undefined;
      }
    | undefined;
  readonly pathStyle: boolean;
  /** The buckets that may be read; any where none is named. */
  readonly buckets: readonly string[];
}

type S3FetchOptions = Omit<FetchOptions, "headers" | "explain">;

/**
 * Fetches an object from an S3-compatible store. The request is signed here and sent the way of all others, so that
 * limits, pinned addresses and refused redirects are the same.
 */
export async function fetchFromS3(
  object: S3Object,
  access: S3Access,
  options: S3FetchOptions,
): Promise<Taken> {
  if (access.buckets.length > 0 && !access.buckets.includes(object.bucket)) {
    throw ingestionErrors.uriRefused(
      options.uri,
      "its bucket is none of those that may be read",
      "Copy the object into one of the buckets of CASCADE_S3_BUCKETS, or add its bucket there.",
    );
  }
  const url = urlOf(object, access);
  const headers = await signed(url, access);
  return fetchOverHttp(url, { ...options, headers, explain: (refusal) => explain(options.uri, refusal) });
}

function urlOf({ bucket, key }: S3Object, { endpoint, region, pathStyle }: S3Access): URL {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = pathStyle ? `/${bucket}/${path}` : `/${path}`;
  return url;
}

async function signed(
  url: URL,
  { credentials, region }: S3Access,
): Promise<Readonly<Record<string, string>>> {
  if (credentials === undefined) return {};
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const request = await new AwsV4Signer({
    url: url.href,
    service: "s3",
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }).sign();
  return Object.fromEntries(request.headers);
}

/** What a store's answer means for the one who can do something about it. */
function explain(uri: string, { statusCode, body }: Refusal): IngestionError | undefined {
  const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/u.exec(body)?.[1];
  // The code counts more than the status: some stores answer a key that they do not know with 404.
  if (statusCode === 401 || statusCode === 403 || forbidden.has(code ?? ""))
    return ingestionErrors.bucketForbidden(uri, code);
  if (statusCode === 404)
    return ingestionErrors.objectMissing(uri, code === "NoSuchBucket" ? "bucket" : "object");
  // A redirect says where the bucket is, and is not followed.
  if (statusCode === 301 || statusCode === 307) return ingestionErrors.bucketElsewhere(uri);
  return undefined;
}

const forbidden: ReadonlySet<string> = new Set([
  "AccessDenied",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  // versitygw, of a key that it does not know.
  "XAdminUserNotFound",
]);
