/**
 * Where a value comes from. Everything a graph says keeps this, so that an answer can say
 * how much of it was stated, taken from a default, fitted to an incident or inferred by an importer.
 */
import type { Location } from "../diagnostics/location.js";

export type Origin =
  | { readonly how: "stated"; readonly location?: Location }
  /** Stated, and backed by a named fact (a row of an incident's sources). */
  | { readonly how: "sourced"; readonly fact: string; readonly location?: Location }
  /** From the table of defaults in `data/`, by kind of service. */
  | { readonly how: "default"; readonly kind: string; readonly location?: Location }
  | { readonly how: "fitted"; readonly incident: string; readonly location?: Location }
  | { readonly how: "inferred"; readonly evidence: string; readonly location?: Location };

/** `stated`, `sourced(F12)`, `default(dns)`, `fitted(aws-2025-10-20)` or `inferred(env DATABASE_URL)`. */
export function parseOrigin(text: string, location?: Location): Origin | undefined {
  const match = /^(stated|sourced|default|fitted|inferred)(?:\((.*)\))?$/s.exec(text.trim());
  if (match === null) return undefined;
  const detail = match[2] ?? "";
  const place = location === undefined ? {} : { location };
  switch (match[1]) {
    case "stated":
      return { how: "stated", ...place };
    case "sourced":
      return { how: "sourced", fact: detail, ...place };
    case "default":
      return { how: "default", kind: detail, ...place };
    case "fitted":
      return { how: "fitted", incident: detail, ...place };
    default:
      return { how: "inferred", evidence: detail, ...place };
  }
}

/** The inverse of `parseOrigin`; places are not written. */
export function formatOrigin(origin: Origin): string {
  switch (origin.how) {
    case "stated":
      return "stated";
    case "sourced":
      return `sourced(${origin.fact})`;
    case "default":
      return `default(${origin.kind})`;
    case "fitted":
      return `fitted(${origin.incident})`;
    case "inferred":
      return `inferred(${origin.evidence})`;
  }
}

interface Placed {
  readonly origin: Origin;
  readonly origins?: Readonly<Record<string, Origin>>;
}

/** The origins of an item that says the same at another place. */
export function placedAll({ origin, origins }: Placed, location: Location): Placed {
  if (origins === undefined) return { origin: placed(origin, location) };
  const moved: Record<string, Origin> = {};
  for (const key in origins) moved[key] = placed(origins[key]!, location);
  return { origin: placed(origin, location), origins: moved };
}

/** What was filled in has no place, wherever the item is. */
function placed(origin: Origin, location: Location): Origin {
  if (origin.location === undefined) return origin;
  return origin.how === "stated" ? { how: "stated", location } : { ...origin, location };
}
