/**
 * `npm run validate`: prints the leave-one-out table. With `--write` it also renews `data/defaults-by-kind.csv`,
 * `data/leave-one-out.csv` and `data/leave-one-out.md`, from which README takes the table.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveOneOut } from "./leave-one-out.js";
import { incidentIds, readEvidence, readIncident, ROOT } from "./read-incidents.js";
import { defaultsTable, markdown, rowsTable } from "./tables.js";

const evidence = readEvidence();
const result = leaveOneOut(incidentIds.map(readIncident), evidence);
process.stdout.write(markdown(result));

if (process.argv.includes("--write")) {
  writeFileSync(join(ROOT, "data/defaults-by-kind.csv"), defaultsTable(evidence));
  writeFileSync(join(ROOT, "data/leave-one-out.csv"), rowsTable(result));
  writeFileSync(join(ROOT, "data/leave-one-out.md"), markdown(result));
}
