import type { ConfigOf } from "@cascade/service-kit";
import type { settings } from "../config.ts";
import type { S3Access } from "./fetch-from-s3.ts";

/** How buckets are read, from the settings; not at all where none is made. A store of one's own is asked by paths: it rarely has a name for each bucket. */
export function s3AccessOf(config: ConfigOf<typeof settings>): S3Access | undefined {
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (config.s3Endpoint === undefined && config.s3Region === undefined && accessKeyId === undefined) return;
  return {
    endpoint: config.s3Endpoint,
    region: config.s3Region ?? "us-east-1",
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey, sessionToken: config.s3SessionToken },
    pathStyle: config.s3PathStyle ?? config.s3Endpoint !== undefined,
    buckets: config.s3Buckets,
  };
}
