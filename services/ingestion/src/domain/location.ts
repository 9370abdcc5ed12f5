import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { ingestionErrors } from "../errors.ts";
import { readS3Uri, type S3Object } from "./s3-location.ts";

/** Where the bytes of a file are. */
export type Location =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "http"; readonly url: URL }
  | { readonly kind: "s3"; readonly object: S3Object }
  /** Rows that were taken in before, such as those of a batch that was rejected. */
  | { readonly kind: "dataset"; readonly datasetVersion: string };

const datasetForm = /^urn:cascade:dataset:(sha256:[0-9a-f]{64})$/u;

const useOther = "Use a file:, https: or s3: address, or an absolute path.";

/** Reads an address; throws URI_REFUSED for all that we do not fetch. */
export function locate(uri: string): Location {
  const refuse = (why: string, whatToDo = useOther, cause?: unknown) =>
    ingestionErrors.uriRefused(uri, why, whatToDo, cause);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to refuse.
  if (/[\u0000-\u001f\u007f]/u.test(uri)) throw refuse("it has control characters");
  if (isAbsolute(uri)) return { kind: "file", path: uri };
  if (uri.startsWith("s3://")) {
    const object = readS3Uri(uri);
    if (typeof object === "string") throw refuse(object, "Write s3://bucket/key, the key as it is.");
    return { kind: "s3", object };
  }
  const [, datasetVersion] = datasetForm.exec(uri) ?? [];
  if (datasetVersion !== undefined) return { kind: "dataset", datasetVersion };
  let url: URL;
  try {
    url = new URL(uri);
  } catch (cause) {
    throw refuse("it is neither an address nor an absolute path", useOther, cause);
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse(
      "it has a user or a password in it, which would be kept in events and logs",
      "Use an address without credentials, for example one that is signed for a limited time.",
    );
  }
  switch (url.protocol) {
    case "file:":
      try {
        return { kind: "file", path: fileURLToPath(url) };
      } catch (cause) {
        throw refuse("it names no file of this machine", "Write file:///an/absolute/path.", cause);
      }
    case "http:":
    case "https:":
      return { kind: "http", url };
    default:
      throw refuse(`the scheme ${url.protocol} is not supported`);
  }
}
