/**
 * What files say, before anyone has checked it: a reader's output and the validator's input.
 * Names may be unknown, ids may repeat, values may be out of range. Values are already numbers
 * in model units (milliseconds, decimal shares): a reader reports what it cannot read.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Dependency } from "./dependency.js";
import type { DependencyColumns } from "./dependency-columns.js";
import type { ServiceColumns } from "./service-columns.js";
import type { Scenario } from "./scenario.js";
import type { Service } from "./service.js";
import type { Change } from "./change.js";

export interface GraphDocument {
  /** The format's id in the registry, such as `compose`. */
  readonly format: string;
  /** Files it was read from, as the user named them. */
  readonly files: readonly string[];
  readonly services: readonly Service[];
  /** The same as `services`, of a large table; only together with `columns`, whose names begin with these. */
  readonly serviceColumns?: ServiceColumns;
  readonly dependencies: readonly Dependency[];
  /** The same as `dependencies`, of a large table, for those who need not look at each. */
  readonly columns?: DependencyColumns;
  readonly scenarios: readonly Scenario[];
  /** Named what-if edits that came with the graph. */
  readonly edits?: readonly { readonly name: string; readonly changes: readonly Change[] }[];
  /**
   * `closed`: every service must be declared (services.csv exists, YAML lists services).
   * `open`: a name in a dependency declares the service (edge lists).
   */
  readonly names: "closed" | "open";
  /** `none`: the file asks that no default by kind of service is filled in. */
  readonly defaults?: "none";
  /** What an importer inferred, and what its format cannot say; printed with every answer that uses it. */
  readonly diagnostics: readonly Diagnostic[];
}

export function emptyDocument(format: string, files: readonly string[]): GraphDocument {
  return { format, files, services: [], dependencies: [], scenarios: [], names: "open", diagnostics: [] };
}
