/**
 * From spans to dependencies, the same for every tracing format: a span of one service under a span of another
 * is a call, so the parent's service needs the child's. Client spans that nobody answered name databases,
 * queues and services that report no spans. Spans may come in any order and from several files.
 * Weights are shares of traced requests; too few of them give no weight.
 */
import { CallGraph, locationAt, SENT_AS_MESSAGE, type Place } from "./call-graph.js";
import type { Peer } from "./span-peer.js";

export type SpanKind = "client" | "server" | "producer" | "consumer" | "internal";

export interface Span {
  readonly trace: string;
  readonly id: string;
  /** Absent for a root. */
  readonly parent?: string | undefined;
  readonly service: string;
  readonly kind: SpanKind;
  readonly failed: boolean;
  /** A server's half of a span whose id it shares with the client's (Zipkin). */
  readonly shared?: boolean;
  readonly peer?: Peer | undefined;
  /** When it began, in whatever unit the format has; only compared. */
  readonly start?: unknown;
  readonly place: Place;
}

/** With fewer requests than this a share says more about chance than about the service. */
export const REQUESTS_FOR_A_WEIGHT = 30;

export const SPAN_MAPPING: readonly (readonly [string, string])[] = [
  ["a span of service A with a child span of service B", "A needs B; calls counts the child spans"],
  ["an error on the child span, or on the client span above it", "a failed call, for the error rate"],
  [
    "requests A got, and how many of them called B",
    `weight: the share, where A got at least ${REQUESTS_FOR_A_WEIGHT} traced requests; else 1`,
  ],
  [
    "a client span without a server's span below it",
    "an inferred service, named by peer.service, else the host (server.address, net.peer.name, ...), else the database's name (db.namespace, db.name), else the product (db.system); never by an address in numbers",
  ],
  ["messaging.system on a producer's or consumer's span", "an inferred broker that sender and receiver both need"],
  [
    "a consumer's span under a producer's",
    "a dependency noted as asynchronous that the sender does without for a year: it does not wait for the receiver. A call of the same pair that does wait undoes this",
  ],
];

export const SPAN_UNKNOWN: readonly string[] = [
  "calls that were not sampled, and whatever was not called in the time the traces cover",
  "how long a service does without another, what is redundant, and how long it takes to come back",
  "services and databases behind addresses in numbers",
];

export class SpanLinks {
  private readonly spans: Span[] = [];
  private readonly traces = new Map<string, number>();
  /** Index of the span with an id; of the client's half where two share it. */
  private readonly byId = new Map<string, number>();
  private readonly serverHalf = new Map<string, number>();
  /** For each pair of services, in how many requests of the consumer the provider was called. */
  private readonly used: number[] = [];
  /** A request and a pair as one number, so that a second call within a request is not counted. */
  private readonly usedIn = new Set<number>();
  private full = false;

  constructor(private readonly graph: CallGraph) {}

  /** Spans kept so far; the same span told twice is kept once. */
  get count(): number {
    return this.spans.length;
  }

  add(span: Span): void {
    if (this.spans.length >= MOST_SPANS_KEPT) {
      this.refuse(span);
      return;
    }
    this.graph.service(span.service, span.place);
    const key = this.key(span.trace, span.id);
    const index = this.spans.length;
    const known = this.byId.get(key);
    if (known === undefined) this.byId.set(key, index);
    else {
      const other = this.spans[known]!;
      const partial = span.kind === "internal" || other.kind === "internal";
      const sameStart = span.start === undefined || other.start === undefined || span.start === other.start;
      if (span.service === other.service && sameStart && (partial || isServer(span) === isServer(other))) {
        // The same span told twice, or in parts.
        const kept = other.kind === "internal" ? { ...span, place: other.place } : other;
        this.spans[known] = { ...kept, failed: span.failed || other.failed };
        return;
      }
      if (isServer(other) && !isServer(span)) {
        this.byId.set(key, index);
        this.serverHalf.set(key, known);
      } else if (isServer(span) && !this.serverHalf.has(key)) this.serverHalf.set(key, index);
    }
    this.spans.push(span);
  }

  private refuse(span: Span): void {
    if (this.full) return;
    this.full = true;
    this.graph.report({
      code: "LIMIT_EXCEEDED",
      severity: "error",
      message: `There are more than ${MOST_SPANS_KEPT} spans; those from here on are not read.`,
      location: locationAt(span.place),
      remedy: "Give fewer traces: a sample says the same.",
    });
  }

  /** Puts everything the spans say into the graph. */
  link(): void {
    const parents = this.findParents();
    const entries = this.findEntries(parents);
    const answered = this.addCalls(parents, entries);
    this.addPeers(parents, entries, answered);
    this.weigh(parents, entries);
  }

  private key(trace: string, id: string): string {
    let number = this.traces.get(trace);
    if (number === undefined) this.traces.set(trace, (number = this.traces.size));
    return `${number}:${id}`;
  }

  /** Index of each span's parent; -1 for a root, -2 for a parent that is not in the files. */
  private findParents(): Int32Array {
    const parents = new Int32Array(this.spans.length).fill(ROOT);
    this.spans.forEach((span, index) => {
      if (isServer(span)) {
        const client = this.byId.get(this.key(span.trace, span.id));
        if (client !== undefined && client !== index) {
          parents[index] = client;
          return;
        }
      }
      if (span.parent === undefined) return;
      const key = this.key(span.trace, span.parent);
      const first = this.byId.get(key);
      const half = this.serverHalf.get(key);
      const own = [half, first].find((at) => at !== undefined && this.spans[at]!.service === span.service);
      const found = own ?? half ?? first;
      parents[index] = found === undefined || found === index ? MISSING : found;
    });
    return parents;
  }

  /** One call for each span under a span of another service; says which spans were answered so. */
  private addCalls(parents: Int32Array, entries: Int32Array): Uint8Array {
    const answered = new Uint8Array(this.spans.length);
    let messages = 0;
    this.spans.forEach((span, index) => {
      const parent = this.spans[parents[index]!];
      if (parent === undefined) return;
      if (isServer(span)) answered[parents[index]!] = 1;
      if (parent.service === span.service) return;
      answered[parents[index]!] = 1;
      const message = parent.kind === "producer" || span.kind === "consumer";
      if (message) messages++;
      const failed = span.failed || (parent.failed && isCalling(parent)) ? 1 : 0;
      const call = message ? { ...SENT_AS_MESSAGE, calls: 1, failed } : { calls: 1, failed };
      const pair = this.graph.call(parent.service, span.service, span.place, call);
      this.use(pair, entries[parents[index]!]!);
    });
    if (messages > 0) this.sayMessages();
    return answered;
  }

  private addPeers(parents: Int32Array, entries: Int32Array, answered: Uint8Array): void {
    let nameless = 0;
    this.spans.forEach((span, index) => {
      const { peer } = span;
      if (peer?.broker === true && (isCalling(span) || span.kind === "consumer")) {
        this.addPeer(span, peer, entries[index]!);
      } else if (isCalling(span) && answered[index] === 0) {
        if (peer === undefined) nameless++;
        else if (!this.saidAbove(index, peer.name, parents)) this.addPeer(span, peer, entries[index]!);
      } else if (span.kind === "server" && parents[index] === MISSING && peer?.attribute === "peer.service") {
        this.addCaller(span, peer);
      }
    });
    if (nameless > 0) {
      this.graph.report({
        code: "INFERRED",
        severity: "note",
        message: `${nameless === 1 ? "1 client span was" : `${nameless} client spans were`} not answered in the files and name nobody they called; what they need is not in the graph.`,
      });
    }
  }

  private addPeer(span: Span, peer: Peer, entry: number): void {
    const name = this.resident(peer.name);
    if (name === span.service) return;
    const role = peer.broker ? "broker" : "peer";
    const evidence = `${peer.attribute} of a ${span.kind} span: ${role} without spans of its own`;
    this.graph.service(name, span.place, peer.fields, evidence);
    const pair = this.graph.call(span.service, name, span.place, { calls: 1, failed: span.failed ? 1 : 0, evidence });
    this.use(pair, entry);
  }

  private addCaller(span: Span, peer: Peer): void {
    if (peer.name === span.service) return;
    const evidence = "peer.service of a server span whose caller's span is not in the files";
    this.graph.call(peer.name, span.service, span.place, { calls: 1, failed: span.failed ? 1 : 0, evidence });
  }

  /** A host inside a cluster, such as `cart.shop.svc.cluster.local`, is the service of its first label where there is one. */
  private resident(name: string): string {
    if (this.graph.has(name) || !/\.(?:svc|local|internal)$/i.test(name)) return name;
    const first = name.slice(0, name.indexOf("."));
    return this.graph.has(first) ? first : name;
  }

  /** Whether a client span closely around this one, in the same service, already named the same peer. */
  private saidAbove(index: number, name: string, parents: Int32Array): boolean {
    const { service } = this.spans[index]!;
    let at = parents[index]!;
    for (let level = 0; level < LEVELS_ABOVE && at >= 0; level++, at = parents[at]!) {
      const span = this.spans[at]!;
      if (span.service !== service) return false;
      if (isCalling(span) && span.peer?.name === name) return true;
    }
    return false;
  }

  private use(pair: number, entry: number): void {
    const before = this.usedIn.size;
    this.usedIn.add(pair * MOST_SPANS + entry);
    if (this.usedIn.size > before) this.used[pair] = (this.used[pair] ?? 0) + 1;
  }

  private weigh(parents: Int32Array, entries: Int32Array): void {
    const requests = new Map<string, number>();
    entries.forEach((entry, index) => {
      const span = this.spans[index]!;
      // A piece of a trace whose beginning is missing is not known to be a request of its own.
      if (entry !== index || (parents[index] === MISSING && !isServer(span))) return;
      requests.set(span.service, (requests.get(span.service) ?? 0) + 1);
    });
    this.used.forEach((requestsWith, pair) => {
      const all = requests.get(this.graph.consumerOf(pair)) ?? 0;
      if (all < REQUESTS_FOR_A_WEIGHT) return;
      this.graph.weigh(pair, requestsWith / all, `${requestsWith} of ${all} traced requests used it`);
    });
  }

  /** For each span the one with which its service was entered: the topmost of an unbroken run in one service. */
  private findEntries(parents: Int32Array): Int32Array {
    const entries = new Int32Array(this.spans.length).fill(-1);
    const path: number[] = [];
    for (let index = 0; index < entries.length; index++) {
      let at = index;
      while (entries[at] === -1) {
        entries[at] = at; // until known better; also what stops a circle of parents
        path.push(at);
        const parent = parents[at]!;
        if (parent < 0 || this.spans[parent]!.service !== this.spans[at]!.service) break;
        at = parent;
      }
      const entry = entries[at]!;
      while (path.length > 0) entries[path.pop()!] = entry;
    }
    return entries;
  }

  private sayMessages(): void {
    this.graph.report({
      code: "INFERRED",
      severity: "note",
      message:
        "Some dependencies are messages (noted as asynchronous): the sender does not wait for the receiver, so it is taken to do without.",
      remedy: "Give such a dependency a tolerance where the sender's users do notice after a while.",
    });
  }
}

const ROOT = -1;
const MISSING = -2;
/** A Map holds at most 2^24 keys. */
const MOST_SPANS_KEPT = 16_000_000;
/** Keeps pair and span apart within one exact number: more spans than a text can hold. */
const MOST_SPANS = 2 ** 27;
/** How far up nested client spans are compared. */
const LEVELS_ABOVE = 8;

function isServer(span: Span): boolean {
  return span.shared === true || span.kind === "server" || span.kind === "consumer";
}

function isCalling(span: Span): boolean {
  return span.kind === "client" || span.kind === "producer";
}
