import { ArtifactError } from "@cascade/artifacts";
import type { Problem } from "@cascade/contracts";
import { describeError } from "@cascade/messaging";
import { TabularError } from "@cascade/tabular";
import { readable, toldAddress } from "./domain/readable.ts";
import type { SchemaChange } from "./domain/schema-changes.ts";

/** Why a batch was not taken in. `again`: the cause may be gone at the next attempt. */
export class IngestionError extends Error {
  readonly code: string;
  readonly whatToDo: string;
  readonly again: boolean;

  constructor(problem: Problem, options: { again?: boolean; cause?: unknown } = {}) {
    super(problem.message, { cause: options.cause });
    this.name = "IngestionError";
    this.code = problem.code;
    this.whatToDo = problem.whatToDo;
    this.again = options.again ?? false;
  }
}

const sendAgain = "publish data.arrived again";

export const ingestionErrors = {
  pipelineUnknown: (pipeline: string, options: { again: boolean }) =>
    new IngestionError(
      {
        code: "PIPELINE_UNKNOWN",
        message: `There is no pipeline ${pipeline}.`,
        whatToDo: `Run cascade apply with the pipeline's file, then ${sendAgain}.`,
      },
      options,
    ),
  uriRefused: (uri: string, why: string, whatToDo: string, cause?: unknown) =>
    new IngestionError(
      { code: "URI_REFUSED", message: `${shown(uri)} was not read: ${why}.`, whatToDo },
      { cause },
    ),
  uriUnreadable: (uri: string) =>
    ingestionErrors.uriRefused(
      uri,
      "it has control characters",
      `Give the file a name without them, then ${sendAgain}.`,
    ),
  fileMissing: (uri: string, cause?: unknown) =>
    new IngestionError(
      {
        code: "FILE_MISSING",
        message: `${shown(uri)} does not exist.`,
        whatToDo: `Check the path on the machine where the ingestion service runs, then ${sendAgain}.`,
      },
      { cause },
    ),
  fileUnreadable: (uri: string, cause: unknown) =>
    new IngestionError(
      {
        code: "FILE_UNREADABLE",
        message: `${shown(uri)} cannot be read: ${describeError(cause).message}`,
        whatToDo: `Let the user of the ingestion service read the file, then ${sendAgain}.`,
      },
      { cause },
    ),
  fetchFailed: (uri: string, why: string, options: { again: boolean; cause?: unknown }) =>
    new IngestionError(
      {
        code: "FETCH_FAILED",
        message: `${shown(uri)} could not be fetched: ${why}`.slice(0, 4000),
        whatToDo: `Check that the address answers with the file itself, then ${sendAgain}.`,
      },
      options,
    ),
  fetchTimeout: (uri: string, timeoutMs: number, cause?: unknown) =>
    new IngestionError(
      {
        code: "FETCH_TIMEOUT",
        message: `${shown(uri)} was not there within ${timeoutMs} ms.`,
        whatToDo: `Make the file smaller or its host faster, or raise CASCADE_INGEST_FETCH_TIMEOUT_MS and CASCADE_INGEST_IDLE_TIMEOUT_MS, then ${sendAgain}.`,
      },
      { again: true, cause },
    ),
  folderUnreadable: (folder: string, why: string, cause?: unknown) =>
    new IngestionError(
      {
        code: "FOLDER_UNREADABLE",
        message: `The folder ${shown(folder)} cannot be watched: ${why}`,
        whatToDo:
          "Give the absolute path of a folder that the ingestion service may read, below one of CASCADE_INGEST_ROOTS where those are set. It is looked at again by itself.",
      },
      { cause },
    ),
  connectionUnknown: (connection: string) =>
    new IngestionError({
      code: "CONNECTION_UNKNOWN",
      message: `There is no connection ${JSON.stringify(connection)}.`,
      whatToDo:
        "Name it with its address in CASCADE_INGEST_POSTGRES of the ingestion service, or correct data.sources and apply the pipeline.",
    }),
  queryFailed: (name: string, cause: unknown) =>
    new IngestionError(
      {
        code: "QUERY_FAILED",
        message: `The query ${name} failed: ${describeError(cause).message}`.slice(0, 4000),
        whatToDo:
          "Correct the query, the rights of the connection or its database; it is asked again by itself. A query that takes too long needs an index on its watermark, or a higher CASCADE_INGEST_QUERY_TIMEOUT_MS.",
      },
      { cause },
    ),
  watermarkUnusable: (name: string, why: string) =>
    new IngestionError({
      code: "WATERMARK_UNUSABLE",
      message: `The query ${name} cannot be read by its watermark: ${why}`,
      whatToDo:
        "Choose a column that is never empty and differs from row to row, such as the time of the last change, or raise maxRows.",
    }),
  bucketForbidden: (uri: string, code: string | undefined) =>
    new IngestionError({
      code: "BUCKET_FORBIDDEN",
      message: `${shown(uri)} may not be read: the store answered ${code ?? "that access is denied"}.`,
      whatToDo: `Let the key of the ingestion service (CASCADE_S3_ACCESS_KEY_ID) get objects of this bucket, or correct key, secret and region, then ${sendAgain}.`,
    }),
  bucketElsewhere: (uri: string) =>
    new IngestionError({
      code: "BUCKET_ELSEWHERE",
      message: `${shown(uri)} was not read: the store says that the bucket is in another region or at another address.`,
      whatToDo: `Set CASCADE_S3_REGION and CASCADE_S3_ENDPOINT to where the bucket is, then ${sendAgain}.`,
    }),
  objectMissing: (uri: string, what: "bucket" | "object") =>
    new IngestionError({
      code: "OBJECT_MISSING",
      message: `${shown(uri)}: there is no such ${what}.`,
      whatToDo: `Check bucket and key, which are taken as they are, upper and lower case too, then ${sendAgain}.`,
    }),
  tooLarge: (uri: string, bytesMax: number) =>
    new IngestionError({
      code: "TOO_LARGE",
      message: `With ${shown(uri)} the batch has more than ${bytesMax} bytes.`,
      whatToDo: `Split the batch, or raise CASCADE_INGEST_BYTES_MAX, then ${sendAgain}.`,
    }),
  packedTooMuch: (uri: string, ratioMax: number) =>
    new IngestionError({
      code: "PACKED_TOO_MUCH",
      message: `${shown(uri)} has more than ${ratioMax} bytes unpacked for each of its own, as files do that are made to fill disks.`,
      whatToDo: `Where it is what it should be, send it unpacked or raise CASCADE_INGEST_UNPACKED_RATIO_MAX, then ${sendAgain}.`,
    }),
  compressionUnreadable: (uri: string, name: string, cause: unknown) =>
    new IngestionError(
      {
        code: "COMPRESSION_UNREADABLE",
        message: `${shown(uri)} begins as ${name} does, but cannot be unpacked: ${describeError(cause).message}`,
        whatToDo: `Pack and copy it again, as a file that was cut off looks like this, then ${sendAgain}.`,
      },
      { cause },
    ),
  noRows: (uris: readonly string[]) =>
    new IngestionError({
      code: "NO_ROWS",
      message: `${uris.slice(0, 3).map(shown).join(", ")}${uris.length > 3 ? ` and ${uris.length - 3} more` : ""}: there is no row.`,
      whatToDo: `Look at what wrote it and why it found nothing, then ${sendAgain}.`,
    }),
  digestMismatch: (uri: string, stated: string, found: string) =>
    new IngestionError({
      code: "DIGEST_MISMATCH",
      message: `${shown(uri)} has the digest ${found}, but ${stated} was announced.`,
      whatToDo: `Copy the file again, or announce the digest that it has: ${sendAgain}.`,
    }),
  datasetUnknown: (pipeline: string, datasetVersion: string) =>
    new IngestionError({
      code: "DATASET_UNKNOWN",
      message: `${pipeline} has no dataset version ${datasetVersion}.`,
      whatToDo: `Give a version that dataset.ingested of this pipeline tells (cascade follow --pipeline ${pipeline} --no-wait), then ${sendAgain}.`,
    }),
  formatUnknown: (uri: string) =>
    new IngestionError({
      code: "FORMAT_UNKNOWN",
      message: `The name of ${shown(uri)} does not say what format it has.`,
      whatToDo: `State format (csv, parquet, json-lines or json) in data.arrived or as data.format in the pipeline, or name the file .csv, .parquet, .jsonl or .json.`,
    }),
  schemaChanged: (changes: readonly SchemaChange[]) =>
    new IngestionError({
      code: "SCHEMA_CHANGED",
      message: `The columns are not those of the batch before: ${changes.slice(0, 20).map(toldChange).join(", ")}${changes.length > 20 ? ` and ${changes.length - 20} more` : ""}.`,
      whatToDo: `Where that is meant, accept it in data.schemaChanges or declare the columns in data.columns, apply the pipeline, then ${sendAgain}.`,
    }),
  delimiterWrong: (uri: string, stated: string, found: string) =>
    new IngestionError({
      code: "DELIMITER_WRONG",
      message: `${shown(uri)} has a single column when its fields are taken apart at ${JSON.stringify(stated)}, as data.csv.delimiter says; they seem to be separated by ${JSON.stringify(found)}.`,
      whatToDo: `Correct data.csv.delimiter, or leave it out so that it is found in the file, apply the pipeline, then ${sendAgain}.`,
    }),
  columnNameInvalid: (name: string) =>
    new IngestionError({
      code: "COLUMN_NAME_INVALID",
      message: `A column is named ${JSON.stringify(name.slice(0, 60))}: a name must have 1 to 128 characters.`,
      whatToDo: `Rename the column in the data, then ${sendAgain}.`,
    }),
  descriptionTooLarge: (sizeBytes: number, bytesMax: number) =>
    new IngestionError({
      code: "DESCRIPTION_TOO_LARGE",
      message: `The names of columns and files have ${sizeBytes} bytes; an event may have ${bytesMax} in all.`,
      whatToDo: `Use fewer columns, fewer files in one batch, or shorter names, then ${sendAgain}.`,
    }),
} as const;

// What can be different at the next attempt: the engine was stopped, or the disk was full.
const passing = new Set(["CRASHED", "CANCELLED", "CLOSED", "DISK_FULL", "UNEXPECTED"]);
const lost = new Set(["ARTIFACT_MISSING", "ARTIFACT_DIGEST_MISMATCH"]);

/** True where another attempt may succeed; whatever is not known to be the data's fault is the infrastructure's. */
export function mayPass(error: unknown): boolean {
  if (error instanceof IngestionError) return error.again;
  if (error instanceof TabularError) return passing.has(error.code);
  return !(error instanceof ArtifactError && lost.has(error.code));
}

/** What an error says to the sender of the data. `names` are files of ours and what the sender calls them. */
export function problemOf(error: unknown, names: ReadonlyMap<string, string> = new Map()): Problem {
  const { code = "", message } = describeError(error);
  const advice = error instanceof IngestionError || error instanceof TabularError ? error.whatToDo : "";
  const whatToDo =
    advice !== ""
      ? advice
      : `This is no fault of the data. Look at the log of the ingestion service; when the cause is gone, ${sendAgain}.`;
  const translated = [...names].reduce((text, [path, uri]) => text.replaceAll(path, shown(uri)), message);
  // The engine says where in a file something is wrong, but not always in which file.
  const concerned = error instanceof TabularError ? names.get(error.details.file ?? "") : undefined;
  const named = concerned === undefined || translated.includes(shown(concerned));
  const told = named ? translated : `${shown(concerned)}: ${translated}`;
  return {
    code: /^[A-Z][A-Z0-9_]{2,63}$/u.test(code) ? code : "INGESTION_IMPOSSIBLE",
    message: told.slice(0, 8000),
    whatToDo,
  };
}

function toldChange(change: SchemaChange): string {
  const column = JSON.stringify(readable(change.column.slice(0, 100)));
  switch (change.change) {
    case "addedColumn":
      return `${column} is new`;
    case "removedColumn":
      return `${column} is missing`;
    case "widenedType":
    case "otherType":
      return `${column} was ${change.from} and is ${change.to}`;
  }
}

const shown = (uri: string) => (uri.length > 500 ? `${toldAddress(uri).slice(0, 500)}…` : toldAddress(uri));
