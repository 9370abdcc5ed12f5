import { services } from "@cascade/contracts";
import { rowsOf } from "../evidence/evidence.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I12";

/** Stopped services leave no process, no lease, no folder, no lock and no open transaction. */
export const checkLeftovers: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const { processes, workFolders, advisoryLocks, openTransactions } = evidence.leftovers;
  for (const process of processes) find("PROCESS_LEFT", `process ${process.pid} still runs`, process);
  for (const folder of workFolders) find("FOLDER_LEFT", `${folder} was left behind`, folder);
  if (advisoryLocks > 0) find("LOCK_LEFT", `${advisoryLocks} advisory locks are still held`, advisoryLocks);
  if (openTransactions > 0) {
    find("TRANSACTION_LEFT", `${openTransactions} transactions are still open`, openTransactions);
  }
  let jobs = 0;
  for (const service of services) {
    for (const job of rowsOf(evidence, service, "jobs")) {
      jobs += 1;
      if (job.status !== "running" && job.lease_until === null) continue;
      find("LEASE_LEFT", `${service} still leases ${job.name} ${job.job_id}`, job);
    }
  }
  return { invariant, title: "nothing is left behind", counted: { jobs }, violations };
};
