/**
 * A graph document while an importer is still finding things: services once each, dependencies once for each
 * consumer, provider and phase with all their evidence, and what there is to say about it. Order is that of
 * finding, dependencies by consumer.
 */
import type { DiagnosticCode } from "../../diagnostics/codes.js";
import type { Diagnostic, Severity } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Gate,
  type Member,
  type Phase,
} from "../../model/dependency.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Origin } from "../../model/origin.js";
import { constantSpread } from "../../model/quantity.js";
import { SERVICE_DEFAULTS, type Service } from "../../model/service.js";

export type ServiceFields = Partial<Omit<Service, "id" | "origin">>;

/** What is known of one need; `evidence` absent means that the file states it. */
export interface Need {
  readonly phase?: Phase;
  readonly evidence?: string;
  readonly location?: Location;
  readonly note?: string;
  readonly weight?: number;
  /** Why the weight is not 1, when the file does not state it. */
  readonly weightEvidence?: string;
  /** How long the consumer does without, in milliseconds, and why that is thought. */
  readonly toleranceMs?: number;
  readonly toleranceEvidence?: string;
  /** For several providers: how many of them must work; all of them when absent. */
  readonly atLeast?: number;
  /** A name for the group of providers. */
  readonly group?: string;
}

/** Evidence beyond this many places is counted, not listed. */
const EVIDENCE_LISTED = 3;

/** Inferred needs kept for one dependency; more of the same sort add nothing. */
const MOST_KEPT = 20;

/** Kept small: a graph may have a million of them. */
interface Draft {
  readonly consumer: string;
  readonly providers: readonly string[];
  readonly phase: Phase;
  readonly first: Need;
  isPlain: boolean;
  more?: Need[];
}

const ALL: Gate = { kind: "all" };

export class GraphDraft {
  private readonly services = new Map<string, Service>();
  /** By consumer, then by phase and providers. */
  private readonly drafts = new Map<string, Map<string, Draft>>();
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly format: string,
    private readonly files: readonly SourceFile[],
  ) {}

  /** Declares a service; a second declaration only fills what the first left open. */
  service(id: string, origin: Origin, fields: ServiceFields = {}): void {
    const known = this.services.get(id);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    this.services.set(id, { id, ...SERVICE_DEFAULTS, origin, ...given, ...known });
  }

  has(id: string): boolean {
    return this.services.has(id);
  }

  get(id: string): Service | undefined {
    return this.services.get(id);
  }

  serviceIds(): string[] {
    return [...this.services.keys()];
  }

  /** A service needs another, or some of several; what a service needs of itself is left out. */
  need(consumer: string, provider: string | readonly string[], need: Need): void {
    const providers =
      typeof provider === "string"
        ? provider === consumer
          ? []
          : [provider]
        : [...new Set(provider)].filter((id) => id !== consumer);
    if (providers.length === 0) return;
    const phase = need.phase ?? "run";
    const members = providers.length === 1 ? providers[0]! : [...providers].sort().join("\0");
    const key = phase === "run" ? members : `\0${members}`;
    let ofConsumer = this.drafts.get(consumer);
    if (ofConsumer === undefined) this.drafts.set(consumer, (ofConsumer = new Map<string, Draft>()));
    const known = ofConsumer.get(key);
    if (known === undefined) {
      ofConsumer.set(key, { consumer, providers, phase, first: need, isPlain: isPlain(need) });
    } else if (known.more === undefined || known.more.length < MOST_KEPT || need.evidence === undefined) {
      (known.more ??= []).push(need);
      known.isPlain ||= isPlain(need);
    } else if (isPlain(need) && !known.isPlain) {
      known.more.push(need);
      known.isPlain = true;
    }
  }

  /** Services that need others in the phase given; what they need of their own replicas does not count. */
  consumers(phase: Phase): ReadonlySet<string> {
    const consumers = new Set<string>();
    for (const [consumer, drafts] of this.drafts) {
      for (const { phase: its, providers } of drafts.values()) {
        if (its !== phase || providers.every((id) => this.services.get(id)?.partOf === consumer)) continue;
        consumers.add(consumer);
        break;
      }
    }
    return consumers;
  }

  say(
    code: DiagnosticCode,
    severity: Severity,
    message: string,
    more: { readonly location?: Location | undefined; readonly remedy?: string } = {},
  ): void {
    const { location, remedy } = more;
    const place = location === undefined ? {} : { location };
    this.diagnostics.push({ code, severity, message, ...place, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** The document. What was drafted is used up. */
  finish(names: GraphDocument["names"] = "closed"): GraphDocument {
    const dependencies: Dependency[] = [];
    const ids = new Ids();
    for (const [consumer, drafts] of this.drafts) {
      this.drafts.delete(consumer);
      for (const draft of drafts.values()) dependencies.push(toDependency(draft, ids));
    }
    return {
      format: this.format,
      files: this.files.map(({ name }) => name),
      services: [...this.services.values()],
      dependencies,
      scenarios: [],
      names,
      diagnostics: this.diagnostics,
    };
  }
}

/** `a, b, c and 4 more`: a list for a sentence, short however long it is. */
export function listed(names: Iterable<string>, most = 5): string {
  const all = [...names];
  const shown = all.slice(0, most).join(", ");
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

export function stated(location: Location | undefined): Origin {
  return location === undefined ? { how: "stated" } : { how: "stated", location };
}

export function inferred(evidence: string, location?: Location): Origin {
  return location === undefined ? { how: "inferred", evidence } : { how: "inferred", evidence, location };
}

function toDependency({ consumer, providers, phase, first, more }: Draft, ids: Ids): Dependency {
  const needs = more === undefined ? [first] : [first, ...more];
  const origin = originOf(needs);
  const group = providers.length === 1 ? undefined : needs.find((need) => need.group !== undefined)?.group;
  const id = ids.take(defaultDependencyId(consumer, providers, phase, group));
  const atLeast = providers.length === 1 ? undefined : needs.find((need) => need.atLeast !== undefined)?.atLeast;
  const { toleranceMs, lagMs, weight } = DEPENDENCY_DEFAULTS;
  return {
    id,
    consumer,
    phase,
    gate: atLeast === undefined || atLeast >= providers.length ? ALL : { kind: "at-least", need: atLeast },
    members: providers.map((provider) => toMember(provider, needs, origin)),
    toleranceMs,
    lagMs,
    weight,
    origin,
  };
}

function toMember(provider: string, needs: readonly Need[], origin: Origin): Member {
  const { trip, transfer } = MEMBER_DEFAULTS;
  const notes = [...new Set(needs.flatMap(({ note }) => (note === undefined ? [] : [note])))];
  const heaviest = needs.reduce((a, b) => ((b.weight ?? 1) > (a.weight ?? 1) ? b : a));
  // One need without tolerance makes the whole dependency felt at once.
  const soonest = needs.reduce((a, b) => ((b.toleranceMs ?? 0) < (a.toleranceMs ?? 0) ? b : a));
  const weight = heaviest.weight ?? 1;
  const tolerance = constantSpread(soonest.toleranceMs ?? 0);
  const member = { provider, weight, trip, transfer, tolerance, lag: MEMBER_DEFAULTS.lag, origin };
  const origins: Record<string, Origin> = {};
  if (heaviest.weightEvidence !== undefined) origins["weight"] = inferred(heaviest.weightEvidence, heaviest.location);
  if (soonest.toleranceEvidence !== undefined) {
    origins["tolerance"] = inferred(soonest.toleranceEvidence, soonest.location);
  }
  if (notes.length === 0 && Object.keys(origins).length === 0) return member;
  return {
    ...member,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    ...(Object.keys(origins).length === 0 ? {} : { origins }),
  };
}

/** Nothing softens it: it decides weight and tolerance, whatever else is said. */
function isPlain({ weight, toleranceMs }: Need): boolean {
  return weight === undefined && toleranceMs === undefined;
}

/** A stated need outweighs inferred ones; evidence from several places is listed. */
function originOf(needs: readonly Need[]): Origin {
  const plain = needs.find((need) => need.evidence === undefined);
  if (plain !== undefined) return stated(plain.location);
  return inferred(listed(new Set(needs.map(({ evidence }) => evidence!)), EVIDENCE_LISTED), needs[0]!.location);
}

/** Makes ids differ: the second `a>b` is `a>b#2`. */
class Ids {
  private readonly taken = new Set<string>();
  private readonly repeated = new Map<string, number>();

  take(id: string): string {
    if (!this.taken.has(id)) {
      this.taken.add(id);
      return id;
    }
    const count = (this.repeated.get(id) ?? 1) + 1;
    this.repeated.set(id, count);
    return this.take(`${id}#${count}`);
  }
}
