/**
 * A graph document while an importer is still finding things: services once each, dependencies once for each
 * consumer, provider and phase with all their evidence, and what there is to say about it. Order is that of finding.
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

interface Draft {
  readonly consumer: string;
  readonly providers: readonly string[];
  readonly phase: Phase;
  readonly needs: Need[];
}

export class GraphDraft {
  private readonly services = new Map<string, Service>();
  private readonly drafts = new Map<string, Draft>();
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
    const named = typeof provider === "string" ? [provider] : provider;
    const providers = [...new Set(named)].filter((id) => id !== consumer);
    if (providers.length === 0) return;
    const phase = need.phase ?? "run";
    const key = JSON.stringify([consumer, phase, [...providers].sort()]);
    const known = this.drafts.get(key);
    if (known === undefined) this.drafts.set(key, { consumer, providers, phase, needs: [need] });
    else known.needs.push(need);
  }

  /** Services that need others in the phase given; what they need of their own replicas does not count. */
  consumers(phase: Phase): ReadonlySet<string> {
    const consumers = new Set<string>();
    for (const draft of this.drafts.values()) {
      const isOwn = draft.providers.every((id) => this.services.get(id)?.partOf === draft.consumer);
      if (draft.phase === phase && !isOwn) consumers.add(draft.consumer);
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

  finish(names: GraphDocument["names"] = "closed"): GraphDocument {
    const taken = new Map<string, number>();
    return {
      format: this.format,
      files: this.files.map(({ name }) => name),
      services: [...this.services.values()],
      dependencies: [...this.drafts.values()].map((draft) => toDependency(draft, taken)),
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

function toDependency({ consumer, providers, phase, needs }: Draft, taken: Map<string, number>): Dependency {
  const origin = originOf(needs);
  const group = needs.find((need) => need.group !== undefined)?.group;
  const id = unique(defaultDependencyId(consumer, providers, phase, group), taken);
  const atLeast = needs.find((need) => need.atLeast !== undefined)?.atLeast;
  const gate: Gate =
    atLeast === undefined || providers.length === 1 || atLeast >= providers.length
      ? { kind: "all" }
      : { kind: "at-least", need: atLeast };
  const members = providers.map((provider) => toMember(provider, needs, origin));
  return { ...DEPENDENCY_DEFAULTS, id, consumer, phase, gate, members, origin };
}

function toMember(provider: string, needs: readonly Need[], origin: Origin): Member {
  const notes = [...new Set(needs.flatMap(({ note }) => (note === undefined ? [] : [note])))];
  const heaviest = needs.reduce((a, b) => ((b.weight ?? 1) > (a.weight ?? 1) ? b : a));
  // One need without tolerance makes the whole dependency felt at once.
  const soonest = needs.reduce((a, b) => ((b.toleranceMs ?? 0) < (a.toleranceMs ?? 0) ? b : a));
  const origins: Record<string, Origin> = {};
  if (heaviest.weightEvidence !== undefined) origins["weight"] = inferred(heaviest.weightEvidence, heaviest.location);
  if (soonest.toleranceEvidence !== undefined) {
    origins["tolerance"] = inferred(soonest.toleranceEvidence, soonest.location);
  }
  return {
    provider,
    ...MEMBER_DEFAULTS,
    weight: heaviest.weight ?? 1,
    tolerance: constantSpread(soonest.toleranceMs ?? 0),
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    origin,
    ...(Object.keys(origins).length === 0 ? {} : { origins }),
  };
}

/** A stated need outweighs inferred ones; evidence from several places is listed. */
function originOf(needs: readonly Need[]): Origin {
  const plain = needs.find((need) => need.evidence === undefined);
  if (plain !== undefined) return stated(plain.location);
  return inferred(listed(new Set(needs.map(({ evidence }) => evidence!)), EVIDENCE_LISTED), needs[0]!.location);
}

function unique(id: string, taken: Map<string, number>): string {
  const before = taken.get(id) ?? 0;
  taken.set(id, before + 1);
  return before === 0 ? id : unique(`${id}#${before + 1}`, taken);
}
