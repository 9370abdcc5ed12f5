import { anyPipeline, type BucketNotifiedV1, type DataOf, type DataSource } from "@cascade/contracts";
import { readS3Uri } from "./s3-location.ts";

type Notice = DataOf<typeof BucketNotifiedV1>;

/** The sources that one pipeline declares. */
export interface PipelineSources {
  readonly pipeline: string;
  readonly sources: readonly DataSource[];
}

/** An object that is a batch of a pipeline. */
export interface NotifiedObject {
  readonly pipeline: string;
  readonly uri: string;
}

/** The buckets that a notice speaks of. */
export function bucketsOf({ Records = [] }: Notice): string[] {
  return [...new Set(Records.map(({ s3 }) => s3.bucket.name))];
}

/**
 * The objects that a notice tells of, each for every pipeline that declares it as its own, or why there is none.
 * A notice that was addressed to one pipeline is for no other: its sender may have no right to speak to others.
 */
export function notifiedObjects(
  { Records = [] }: Notice,
  addressee: string,
  declared: readonly PipelineSources[],
): NotifiedObject[] | "NO_OBJECT_CREATED" | "NO_PIPELINE_FOR_OBJECT" {
  const created = Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/u.test(eventName)).flatMap(
    ({ s3: { bucket, object } }) => {
      const key = decodedKey(object.key);
      const uri = `s3://${bucket.name}/${key}`;
      // What a console makes to show a folder is no data, and what is no address cannot be fetched.
      return key.endsWith("/") || typeof readS3Uri(uri) === "string"
        ? []
        : [{ bucket: bucket.name, key, uri }];
    },
  );
  if (created.length === 0) return "NO_OBJECT_CREATED";
  const asked = declared.filter(({ pipeline }) => addressee === anyPipeline || addressee === pipeline);
  const objects = created.flatMap(({ bucket, key, uri }) =>
    asked
      .filter(({ sources }) => sources.some((source) => isFrom(source, bucket, key)))
      .map(({ pipeline }) => ({ pipeline, uri })),
  );
  const once = new Map(objects.map((object) => [`${object.pipeline} ${object.uri}`, object]));
  return once.size === 0 ? "NO_PIPELINE_FOR_OBJECT" : [...once.values()];
}

function isFrom(source: DataSource, bucket: string, key: string): boolean {
  if (source.kind !== "bucket" || source.bucket !== bucket) return false;
  return key.startsWith(source.prefix ?? "") && key.endsWith(source.suffix ?? "");
}

/** Keys are encoded as in a form: a plus is a space. One that is not encoded at all is taken as it is. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}
