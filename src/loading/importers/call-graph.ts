/**
 * A graph while an importer is still counting: who needs whom, how often it was seen, how often it failed,
 * and where it was first seen. Made for millions of records: names become numbers at once, one entry a pair,
 * and places are worked out at the end. Order is that of finding; what a service needs of itself is kept.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import {
  DEPENDENCY_DEFAULTS,
  defaultDependencyId,
  MEMBER_DEFAULTS,
  type Dependency,
  type Member,
} from "../../model/dependency.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Origin } from "../../model/origin.js";
import { constantSpread, type Spread } from "../../model/quantity.js";
import { SERVICE_DEFAULTS, type Service } from "../../model/service.js";

export type ServiceFields = Partial<Omit<Service, "id" | "origin">>;

/** A place in a file, not yet turned into line and column. */
export interface Place {
  readonly source: SourceFile;
  readonly offset: number;
}

export interface Call {
  /** How many calls this record stands for; absent when the file does not count. */
  readonly calls?: number | undefined;
  /** How many of them failed. */
  readonly failed?: number | undefined;
  /** Why it is thought, when the file does not state it. */
  readonly evidence?: string | undefined;
  readonly note?: string | undefined;
  /** How long the consumer does without; felt at once when absent, or when any record of the pair lacks it. */
  readonly tolerance?: Spread | undefined;
  /** Share of the consumer's work, when the file states it. */
  readonly weight?: number | undefined;
  /** Share of calls that fail when all is well, when the file states it instead of counting. */
  readonly errorRate?: number | undefined;
  /** Extra attempts a request. */
  readonly retries?: number | undefined;
}

interface Edge {
  readonly consumer: number;
  readonly provider: number;
  readonly place: Place;
  calls: number | undefined;
  failed: number | undefined;
  evidence: string | undefined;
  note: string | undefined;
  tolerance: Spread | undefined;
  weight: number | undefined;
  errorRate: number | undefined;
  retries: number | undefined;
  weightEvidence: string | undefined;
  records: number;
  readonly number: number;
}

/** A sender does not wait for the receiver of a message: it goes on for as long as anything here is computed. */
export const SENT_AS_MESSAGE: Call = {
  note: "asynchronous: sent as a message",
  tolerance: constantSpread(365 * 86_400_000),
};

/** Of one kind of problem so many are listed; the rest is counted. */
const LISTED_PER_CODE = 50;

export class CallGraph {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly unlisted = new Map<Diagnostic["code"], { count: number; first: Diagnostic }>();
  private readonly listed = new Map<Diagnostic["code"], number>();
  private readonly numbers = new Map<string, number>();
  private readonly services: { id: string; fields: ServiceFields; place: Place; evidence: string | undefined }[] = [];
  private readonly edges: Edge[] = [];
  private readonly edgeOf = new Map<number, Edge>();
  private readonly groups: Dependency[] = [];

  constructor(
    private readonly format: string,
    private readonly files: readonly SourceFile[],
  ) {}

  get serviceCount(): number {
    return this.services.length;
  }

  get edgeCount(): number {
    return this.edges.length;
  }

  has(id: string): boolean {
    return this.numbers.has(id);
  }

  /** Keeps a diagnostic; beyond a number of the same code they are only counted. */
  report(diagnostic: Diagnostic): void {
    const count = (this.listed.get(diagnostic.code) ?? 0) + 1;
    this.listed.set(diagnostic.code, count);
    if (count <= LISTED_PER_CODE) this.diagnostics.push(diagnostic);
    else {
      const more = this.unlisted.get(diagnostic.code);
      if (more === undefined) this.unlisted.set(diagnostic.code, { count: 1, first: diagnostic });
      else more.count++;
    }
  }

  /** Names a service. What is said later fills gaps only; stated outweighs inferred. */
  service(id: string, place: Place, fields: ServiceFields = NO_FIELDS, evidence?: string): void {
    const number = this.numbers.get(id);
    if (number === undefined) {
      this.numbers.set(id, this.services.length);
      this.services.push({ id, fields, place, evidence });
      return;
    }
    const known = this.services[number]!;
    const origin = known.evidence !== undefined && evidence === undefined ? { place, evidence } : {};
    if (fields === NO_FIELDS && !("place" in origin)) return;
    this.services[number] = { ...known, ...origin, fields: { ...fields, ...known.fields } };
  }

  /**
   * Counts one record of the consumer needing the provider; both are named if they are not yet.
   * Returns the number of the pair, the same for every record of it.
   */
  call(consumer: string, provider: string, place: Place, call: Call = NO_CALL): number {
    const from = this.number(consumer, place, call.evidence);
    const to = this.number(provider, place, call.evidence);
    const key = from * MOST_SERVICES + to;
    const known = this.edgeOf.get(key);
    if (known === undefined) {
      const edge: Edge = {
        consumer: from,
        provider: to,
        place,
        calls: call.calls,
        failed: call.failed,
        evidence: call.evidence,
        note: call.note,
        tolerance: call.tolerance,
        weight: call.weight,
        errorRate: call.errorRate,
        retries: call.retries,
        weightEvidence: undefined,
        records: 1,
        number: this.edges.length,
      };
      this.edgeOf.set(key, edge);
      this.edges.push(edge);
      return edge.number;
    }
    known.records++;
    known.calls = sum(known.calls, call.calls);
    known.failed = sum(known.failed, call.failed);
    if (call.evidence === undefined) known.evidence = undefined;
    if (call.tolerance === undefined && known.tolerance !== undefined) {
      // One record that is felt at once makes the whole dependency felt at once; the note spoke of the others.
      known.tolerance = undefined;
      known.note = undefined;
    }
    if (call.tolerance === undefined || known.tolerance !== undefined) known.note ??= call.note;
    if (call.weight !== undefined) known.weight = Math.max(known.weight ?? 0, call.weight);
    if (call.errorRate !== undefined) known.errorRate = Math.max(known.errorRate ?? 0, call.errorRate);
    if (call.retries !== undefined) known.retries = Math.max(known.retries ?? 0, call.retries);
    return known.number;
  }

  /** Adds a dependency that is more than a pair, such as a service's need for any one of its replicas. */
  group(dependency: Dependency): void {
    this.groups.push(dependency);
  }

  /** Pairs seen so far. */
  *pairs(): Generator<{ readonly consumer: string; readonly provider: string; readonly records: number }> {
    for (const { consumer, provider, records } of this.edges) {
      yield { consumer: this.services[consumer]!.id, provider: this.services[provider]!.id, records };
    }
  }

  /** Sets a pair's weight that was worked out; kept within (0..1] and rounded up, so that no impact is hidden. */
  weigh(pair: number, share: number, evidence: string): void {
    const edge = this.edges[pair];
    if (edge === undefined || !(share < 1)) return;
    edge.weight = roundedUp(share);
    edge.weightEvidence = evidence;
  }

  consumerOf(pair: number): string {
    return this.services[this.edges[pair]!.consumer]!.id;
  }

  /**
   * Weights from counts alone: calls to the provider over calls the consumer itself got. A request that
   * uses the provider makes at least one call, so this is never below the true share of requests.
   * Services nobody calls keep weight 1.
   */
  weighByIncomingCalls(): void {
    const incoming = new Float64Array(this.services.length);
    for (const edge of this.edges) {
      if (edge.consumer !== edge.provider) incoming[edge.provider]! += edge.calls ?? 0;
    }
    for (const edge of this.edges) {
      const got = incoming[edge.consumer]!;
      if (edge.calls === undefined || got === 0 || edge.calls >= got || edge.consumer === edge.provider) continue;
      edge.weight = roundedUp(edge.calls / got);
      edge.weightEvidence = `${edge.calls} calls for ${got} the consumer got`;
    }
  }

  finish(): GraphDocument {
    this.sayWeights();
    for (const [code, { count, first }] of this.unlisted) {
      const { severity, location } = first;
      const place = location === undefined ? {} : { location };
      this.diagnostics.push({ code, severity, message: `And ${count} more of this kind, from here on.`, ...place });
    }
    if (this.edges.length === 0 && this.services.length > 0) {
      this.diagnostics.push({
        code: "NO_DEPENDENCIES",
        severity: "warning",
        message: `No dependency is declared among ${this.services.length === 1 ? "1 service" : `${this.services.length} services`}: nothing can be said about impact.`,
        ...(this.files[0] === undefined ? {} : { location: { file: this.files[0].name, line: 1, column: 1 } }),
        remedy: "This is not a finding of no impact. Give a file that says who needs whom.",
      });
    }
    return {
      format: this.format,
      files: this.files.map(({ name }) => name),
      services: this.services.map(({ id, fields, place, evidence }) => ({
        id,
        ...SERVICE_DEFAULTS,
        ...fields,
        origin: originAt(place, evidence),
      })),
      dependencies: [...this.edges.map((edge) => this.dependency(edge)), ...this.groups],
      scenarios: [],
      names: "open",
      diagnostics: this.diagnostics,
    };
  }

  private number(id: string, place: Place, evidence: string | undefined): number {
    const known = this.numbers.get(id);
    if (known !== undefined) {
      if (evidence === undefined && this.services[known]!.evidence !== undefined) this.service(id, place);
      return known;
    }
    this.service(id, place, NO_FIELDS, evidence);
    return this.services.length - 1;
  }

  /** Written out field by field: spreading made this ten times slower, and there may be a million. */
  private dependency(edge: Edge): Dependency {
    const consumer = this.services[edge.consumer]!.id;
    const provider = this.services[edge.provider]!.id;
    const origin = originAt(edge.place, edge.evidence);
    const { calls, failed, note, weightEvidence } = edge;
    const member: Writable<Member> = {
      provider,
      weight: edge.weight ?? MEMBER_DEFAULTS.weight,
      trip: MEMBER_DEFAULTS.trip,
      transfer: MEMBER_DEFAULTS.transfer,
      tolerance: edge.tolerance ?? MEMBER_DEFAULTS.tolerance,
      lag: MEMBER_DEFAULTS.lag,
      origin,
    };
    if (calls !== undefined) member.calls = calls;
    if (failed !== undefined && calls !== undefined && calls > 0) member.errorRate = Math.min(1, failed / calls);
    else if (edge.errorRate !== undefined) member.errorRate = edge.errorRate;
    if (edge.retries !== undefined) member.retries = edge.retries;
    if (note !== undefined) member.note = note;
    if (weightEvidence !== undefined) member.origins = { weight: { how: "inferred", evidence: weightEvidence } };
    return {
      id: defaultDependencyId(consumer, [provider], "run"),
      consumer,
      phase: DEPENDENCY_DEFAULTS.phase,
      gate: ALL,
      members: [member],
      toleranceMs: DEPENDENCY_DEFAULTS.toleranceMs,
      lagMs: DEPENDENCY_DEFAULTS.lagMs,
      weight: DEPENDENCY_DEFAULTS.weight,
      origin,
    };
  }

  private sayWeights(): void {
    const weighed = this.edges.filter((edge) => edge.weightEvidence !== undefined).length;
    if (weighed === 0) return;
    this.diagnostics.push({
      code: "INFERRED",
      severity: "note",
      message: `${weighed === 1 ? "1 dependency has a weight" : `${weighed} dependencies have weights`} worked out from counted calls: the share of the consumer's requests that used the provider.`,
      remedy: "Counts of a short or sampled period can mislead; set the weight where you know better.",
    });
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Pairs are keyed by one number; this keeps the keys exact up to ninety million services. */
const MOST_SERVICES = 94_906_265;
const NO_FIELDS: ServiceFields = {};
const NO_CALL: Call = {};
const ALL = { kind: "all" } as const;

/** Line and column of a place. */
export function locationAt(place: Place): Location {
  return locate(place.source, place.offset);
}

function originAt(place: Place, evidence: string | undefined): Origin {
  const location = locationAt(place);
  return evidence === undefined ? { how: "stated", location } : { how: "inferred", evidence, location };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : a + b;
}

function roundedUp(share: number): number {
  return Math.max(1, Math.min(10_000, Math.ceil(share * 10_000 - 1e-6))) / 10_000;
}
