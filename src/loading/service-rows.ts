/** A row of services.csv: flat columns for what topple.yaml nests (`recovery`, the backlog and its `levels`). */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { Service } from "../model/service.js";
import { present } from "./build-dependency.js";
import { buildService } from "./build-service.js";
import { readOrigin } from "./origins.js";
import { readLevels, readStages, type CellReading } from "../model/file-cells.js";
import type { BacklogInput, ServiceRow } from "../model/file-schema.js";
import { readRow, reportEmpty, type TableReader, type TableRow } from "./table-cells.js";

const BACKLOG_COLUMNS = ["load", "keep", "surge", "drain", "levels", "collapse_at", "force"] as const;

/** Undefined, with the problem reported, when the row names no service. */
export function readService(reader: TableReader, row: TableRow, diagnostics: Diagnostic[]): Service | undefined {
  const values = readRow(reader, row, diagnostics);
  if (values["id"] === undefined) {
    diagnostics.push(...reportEmpty(reader, row, "id"));
    return undefined;
  }
  return buildServiceRow(values as ServiceRow, (key) => row.locate(reader.indexOf.get(key) ?? 0), diagnostics);
}

function buildServiceRow(row: ServiceRow, place: (key: string) => Location, diagnostics: Diagnostic[]): Service {
  const { id, recovery, levels, load, keep, surge, drain, collapse_at, force, origin, ...rest } = row;
  const backlog: BacklogInput | undefined = BACKLOG_COLUMNS.some((key) => row[key] !== undefined)
    ? {
        ...present({ load, keep, surge, drain, collapse_at, force }),
        ...(levels === undefined ? {} : { levels: accept(readLevels(levels), place("levels"), diagnostics) }),
      }
    : undefined;
  const stages = recovery === undefined ? undefined : accept(readStages(recovery), place("recovery"), diagnostics);
  return buildService({
    id,
    values: { ...rest, ...present({ backlog, recovery: stages }) },
    location: place("id"),
    origin: readOrigin(origin, place("origin"), diagnostics),
  });
}

/** An unreadable cell is reported and counts as empty. */
function accept<T>(reading: CellReading<T>, location: Location, diagnostics: Diagnostic[]): T[] {
  if ("value" in reading) return [...reading.value];
  diagnostics.push(reading.problem(location));
  return [];
}
