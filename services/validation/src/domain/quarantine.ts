import type { CheckReport } from "@cascade/tabular";
import type { Demands } from "./demands.ts";
import type { Finding } from "./judge.ts";

/** Why the batch as a whole is refused although rows could be set aside; nothing where it is not. */
export function tooMuchSetAside(
  { rowCount, acceptedRows, quarantinedRows }: CheckReport,
  { validation }: Demands,
): Finding[] {
  const { maxQuarantinedShare } = validation;
  const min = Math.max(1, validation.rowCount?.min ?? 1);
  const violation = (message: string): Finding => ({
    expectation: { kind: "row-count", min },
    passed: false,
    failedRows: 0,
    message,
    origin: "declared",
    verdict: "violation",
  });
  const found: Finding[] = [];
  if (quarantinedRows > maxQuarantinedShare * rowCount) {
    found.push(
      violation(
        `${quarantinedRows} of ${rowCount} rows would be set aside, more than the allowed share of ${maxQuarantinedShare}.`,
      ),
    );
  }
  if (acceptedRows < min) {
    found.push(violation(`Only ${acceptedRows} rows would be left, expected at least ${min}.`));
  }
  return found;
}
