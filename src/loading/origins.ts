/**
 * `origin:` as files spell it: one origin for everything (`fitted(aws-2025-10-20)`), or one a key
 * (`{lag: fitted(...), weight: inferred(...)}`; in a CSV cell `lag: fitted(...); weight: inferred(...)`), with
 * `all` for the keys that have none of their own. A cell may also hold such a map as JSON.
 * A service's origins also hold for its `needs`, unless those say their own.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import { parseOrigin, type Origin } from "../model/origin.js";

export interface OriginSpec {
  readonly all?: string;
  readonly keys: Readonly<Record<string, string>>;
}

export const NO_ORIGIN: OriginSpec = { keys: {} };

/** Reads the text or map of a file; an origin that is none of the known ones is reported and left out. */
export function readOrigin(
  input: string | Readonly<Record<string, string>> | undefined,
  location: Location,
  diagnostics: Diagnostic[],
): OriginSpec {
  if (input === undefined) return NO_ORIGIN;
  const isKnown = (text: string): boolean => {
    if (parseOrigin(text) !== undefined) return true;
    diagnostics.push({
      code: "VALUE_RANGE",
      severity: "error",
      message: `origin ${JSON.stringify(text)} is not an origin.`,
      location,
      remedy: "Write stated, sourced(FACT), default(KIND), fitted(INCIDENT) or inferred(WHY).",
    });
    return false;
  };
  const fromPairs = (entries: readonly (readonly [string, string])[]): OriginSpec => {
    const known = entries.filter(([, text]) => isKnown(text));
    const all = known.find(([key]) => key === "all")?.[1];
    const keys = Object.fromEntries(known.filter(([key]) => key !== "all"));
    return all === undefined ? { keys } : { all, keys };
  };
  if (typeof input !== "string") return fromPairs(Object.entries(input));
  const map = jsonMap(input);
  if (map !== undefined) return fromPairs(map);
  const pairs = input
    .split(/;\s*(?=[a-z_.[\]\d]+\s*:)/)
    .map((part) => /^([a-z_.[\]\d]+)\s*:\s*(.*)$/s.exec(part.trim()));
  if (parseOrigin(input) === undefined && pairs.every((pair) => pair !== null)) {
    return fromPairs(pairs.map((pair) => [pair[1]!, pair[2]!]));
  }
  return isKnown(input) ? { all: input, keys: {} } : NO_ORIGIN;
}

/** `{"all": "inferred(...)", "lag": "..."}` as a CSV cell holds it; undefined for anything else. */
function jsonMap(cell: string): [string, string][] | undefined {
  if (!cell.trimStart().startsWith("{")) return undefined;
  try {
    const entries = Object.entries(JSON.parse(cell) as object);
    return entries.every(([, text]) => typeof text === "string") ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** The origin of an item: its own, else the one around it, else plainly stated. */
export function originOf(own: OriginSpec, around: OriginSpec, location: Location): Origin {
  const text = own.all ?? around.all;
  return (text === undefined ? undefined : parseOrigin(text, location)) ?? { how: "stated", location };
}

/**
 * Origins of single values. Besides those the file names, a value that is written although it equals its
 * default is listed, so that it counts as said and no default by kind replaces it.
 */
export function originsOf(
  own: OriginSpec,
  around: OriginSpec,
  location: Location,
  written: Readonly<Record<string, "default" | "other">>,
): { origins?: Readonly<Record<string, Origin>> } {
  const origins: Record<string, Origin> = {};
  for (const [key, value] of Object.entries(written)) {
    // An origin for everything here outweighs an origin for the key around it.
    const text = own.keys[key] ?? (own.all === undefined ? around.keys[key] : undefined);
    const origin = text === undefined ? undefined : parseOrigin(text, location);
    if (origin !== undefined) origins[key] = origin;
    else if (value === "default") origins[key] = originOf(own, around, location);
  }
  return Object.keys(origins).length === 0 ? {} : { origins };
}
