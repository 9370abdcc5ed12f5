import { serveWorker } from "@cascade/sandbox";
import { TabularError } from "../errors.ts";
import { check } from "./check.ts";
import { asResourceError } from "./database.ts";
import { describe } from "./describe.ts";
import { drift } from "./drift.ts";
import { entityRows } from "./entity-rows.ts";
import { exportRows } from "./export-rows.ts";
import { pointInTime } from "./point-in-time.ts";
import { profile, sketch } from "./profile.ts";
import { readColumns, readRows } from "./read.ts";
import { reference } from "./reference.ts";
import { sample } from "./sample.ts";
import { select } from "./select.ts";
import { split } from "./split.ts";
import { toParquet } from "./to-parquet.ts";
import { openTransform, transform } from "./transform.ts";
import { writeRows } from "./write-rows.ts";

/** The message channel carries only `code`, `message` and `details` of an error. */
function told<A, R>(operation: (args: A) => Promise<R>): (args: A) => Promise<R> {
  return async (args) => {
    try {
      return await operation(args);
    } catch (error) {
      const known = error instanceof TabularError ? error : asResourceError(error);
      if (!(known instanceof TabularError)) throw error;
      const { name, message, code, whatToDo, details } = known;
      throw Object.assign(new Error(message), { name, code, details: { ...details, whatToDo } });
    }
  };
}

serveWorker({
  describe: told(describe),
  toParquet: told(toParquet),
  profile: told(profile),
  sketch: told(sketch),
  drift: told(drift),
  check: told(check),
  select: told(select),
  entityRows: told(entityRows),
  pointInTime: told(pointInTime),
  split: told(split),
  sample: told(sample),
  readColumns: told(readColumns),
  readRows: told(readRows),
  exportRows: told(exportRows),
  writeRows: told(writeRows),
  reference: told(reference),
  openTransform: told(openTransform),
  transform: told(transform),
});
