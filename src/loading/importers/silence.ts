/**
 * The finding that belongs to every format in which needs are not declared: who names nothing is not safe, only
 * unknown. Said as a warning when nobody names anything, because then the graph answers nothing.
 */
import type { Location } from "../../diagnostics/location.js";
import { listed, type GraphDraft } from "./draft.js";

export interface Silence {
  /** The services that could have named what they need. */
  readonly services: readonly string[];
  /** Those of them that did. */
  readonly naming: ReadonlySet<string>;
  /** What there is instead, as the end of a sentence: `only the order of starting is declared`. */
  readonly instead: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly location: Location | undefined;
}

export function reportSilence(draft: GraphDraft, { services, naming, instead, remedy, location }: Silence): void {
  if (services.length === 0) return;
  const silent = services.filter((id) => !naming.has(id));
  if (silent.length === services.length) {
    const message = `No need at run time is known: ${instead}. An answer on this graph says nothing about impact.`;
    draft.say("NO_DEPENDENCIES", "warning", message, { location, remedy });
  } else if (silent.length > 0) {
    const counted = `${services.length - silent.length} of ${services.length} services name what they need while running`;
    draft.say("INFERRED", "note", `${counted}; nothing is known of ${listed(silent)}.`, { location, remedy });
  }
}
