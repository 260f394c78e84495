/**
 * What-if edits: small, named changes of a graph, as `--set`, `--link` and an edits file say them.
 * `applyChanges` (validation/apply-changes.ts) checks and applies them; this file only says what they are.
 */
import type { Location } from "../diagnostics/location.js";

export type Change =
  /** `lambda.crash_at=0.5`, `lambda>dynamodb.tolerance=30m`: keys and values as files spell them. */
  | {
      readonly kind: "set";
      readonly target: string;
      readonly key: string;
      readonly value: string;
      readonly location?: Location;
    }
  /** A new dependency, with optional keys as in `dependencies.csv`. */
  | {
      readonly kind: "link";
      readonly consumer: string;
      readonly provider: string;
      readonly values?: Readonly<Record<string, string>>;
      readonly location?: Location;
    }
  /** Removes a dependency by id or `consumer>provider`. */
  | { readonly kind: "unlink"; readonly dependency: string; readonly location?: Location }
  | {
      readonly kind: "add";
      readonly service: string;
      readonly values?: Readonly<Record<string, string>>;
      readonly location?: Location;
    }
  /** Removes a service and every dependency that has it as consumer or only provider. */
  | { readonly kind: "remove"; readonly service: string; readonly location?: Location };

export function formatChange(change: Change): string {
  switch (change.kind) {
    case "set":
      return `set ${change.target}.${change.key}=${change.value}`;
    case "link":
      return `link ${change.consumer}>${change.provider}${formatValues(change.values)}`;
    case "unlink":
      return `unlink ${change.dependency}`;
    case "add":
      return `add ${change.service}${formatValues(change.values)}`;
    case "remove":
      return `remove ${change.service}`;
  }
}

function formatValues(values: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(values ?? {});
  return entries.length === 0 ? "" : ` (${entries.map(([key, value]) => `${key}=${value}`).join(", ")})`;
}
