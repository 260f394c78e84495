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

/** `lambda.crash_at=0.5` or `lambda>dynamodb.tolerance=30m`; undefined when it is neither. */
export function parseSet(text: string): Extract<Change, { kind: "set" }> | undefined {
  const match = /^(.+?)\.([a-z_]+)\s*=(.*)$/s.exec(text.trim());
  if (match === null) return undefined;
  return { kind: "set", target: match[1]!.trim(), key: match[2]!, value: match[3]!.trim() };
}

/** `consumer>provider`, with keys behind a comma: `a>b,tolerance=30m,phase=start`. */
export function parseLink(text: string): Extract<Change, { kind: "link" }> | undefined {
  const match = /^([^>]+)>([^>,]+)((?:,[^,]*)*)$/s.exec(text.trim());
  const values = match === null ? undefined : parseValues(match[3]!);
  if (match === null || values === undefined) return undefined;
  const more = Object.keys(values).length === 0 ? {} : { values };
  return { kind: "link", consumer: match[1]!.trim(), provider: match[2]!.trim(), ...more };
}

/** A new service with keys behind a comma: `cache,kind=cache,users=100`. */
export function parseAdd(text: string): Extract<Change, { kind: "add" }> | undefined {
  const match = /^([^,]+)((?:,[^,]*)*)$/s.exec(text.trim());
  const values = match === null ? undefined : parseValues(match[2]!);
  if (match === null || values === undefined) return undefined;
  return { kind: "add", service: match[1]!.trim(), ...(Object.keys(values).length === 0 ? {} : { values }) };
}

function parseValues(text: string): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const part of text.split(",").slice(1)) {
    const pair = /^\s*([a-z_]+)\s*=(.*)$/s.exec(part);
    if (pair === null) return undefined;
    values[pair[1]!] = pair[2]!.trim();
  }
  return values;
}

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
