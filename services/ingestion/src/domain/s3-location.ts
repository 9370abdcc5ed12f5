export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

const bucketForm = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;
const keyBytesMax = 1024;

/** Reads s3://bucket/key, the key as it is; or why it cannot be one. */
export function readS3Uri(uri: string): S3Object | string {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/?(.*)$/su.exec(uri) ?? [];
  if (!bucketForm.test(bucket) || bucket.includes("..")) return "it does not name a bucket";
  if (key === "") return "it names a bucket but no object";
  if (Buffer.byteLength(key) > keyBytesMax) return `its key is longer than ${keyBytesMax} bytes`;
  // Any HTTP client would resolve these, and ask for another object than the one that was judged.
  if (key.split("/").some((part) => part === "." || part === "..")) return "its key has . or .. as a part";
  return key.isWellFormed() ? { bucket, key } : "its key is no text";
}
