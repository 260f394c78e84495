/**
 * Reduced ordered decision diagrams of monotone functions (no negation), and of families of sets,
 * in one table of whole numbers: a node is (level, low, high), and its children always have smaller
 * numbers than itself, so every figure over a diagram is one loop. 0 is false (no set), 1 is true
 * (the empty set alone). Which of the two readings a node has is the caller's to know.
 * Recursion goes as deep as there are levels: `DeepDiagram` is for many of them.
 */
import { grown } from "../../model/grown.js";

/** Level of the two leaves, below every variable. */
export const LEAF_LEVEL = 0x3fffffff;

/** Thrown when a diagram outgrows what it was allowed; whoever set the limit catches it. */
export class DiagramLimit extends Error {}

export const NODE = 4;
export const LOW = 1;
export const HIGH = 2;
const NEXT = 3;

export const AND = 0;
export const OR = 1;
export const MINIMAL = 2;
export const WITHOUT = 3;

/** Entries of the cache never outnumber this; beyond it the table of nodes alone grows. */
const LARGEST_CACHE = 1 << 22;
/** Up to this many nodes tables grow fourfold: less is moved, and what is not used costs little. */
const LARGE = 1 << 18;

export class Diagram {
  /** Four numbers a node: level, low, high, next node of the same bucket. */
  nodes: Int32Array;
  size = 2;
  private buckets: Int32Array;
  private mask: number;
  /** Four numbers an entry: first operand, second operand with the operation, result, nothing. */
  protected cache: Int32Array;
  protected cacheMask: number;

  /** `limit`: nodes it may come to; may be raised later. */
  constructor(
    public limit: number,
    capacity = 1 << 12,
  ) {
    this.nodes = new Int32Array(capacity * NODE);
    this.buckets = new Int32Array(capacity);
    this.mask = capacity - 1;
    this.cache = new Int32Array(capacity * 4);
    this.cacheMask = capacity - 1;
    this.nodes[0] = LEAF_LEVEL;
    this.nodes[NODE] = LEAF_LEVEL;
  }

  level(node: number): number {
    return this.nodes[node * NODE]!;
  }

  low(node: number): number {
    return this.nodes[node * NODE + LOW]!;
  }

  high(node: number): number {
    return this.nodes[node * NODE + HIGH]!;
  }

  /** The one node of these three numbers. No reduction: the two readings differ there. */
  make(level: number, low: number, high: number): number {
    const hash = hashOf(level, low, high);
    let { nodes } = this;
    for (let node = this.buckets[hash & this.mask]!; node !== 0; node = nodes[node * NODE + NEXT]!) {
      const at = node * NODE;
      if (nodes[at + LOW] === low && nodes[at + HIGH] === high && nodes[at] === level) return node;
    }
    const node = this.size;
    if (node >= this.limit) throw new DiagramLimit();
    if ((node + 1) * NODE > nodes.length) {
      this.grow();
      ({ nodes } = this);
    }
    this.size = node + 1;
    const at = node * NODE;
    const bucket = hash & this.mask;
    nodes[at] = level;
    nodes[at + LOW] = low;
    nodes[at + HIGH] = high;
    nodes[at + NEXT] = this.buckets[bucket]!;
    this.buckets[bucket] = node;
    return node;
  }

  and(f: number, g: number): number {
    return this.join(AND, f, g);
  }

  or(f: number, g: number): number {
    return this.join(OR, f, g);
  }

  /**
   * Both operations in one function, with its cache in it: on small trees most of the time goes into
   * V8's translating what is hot, and this is half as much.
   */
  private join(operation: number, f: number, g: number): number {
    if (f === g) return f;
    if (f > g) {
      const swap = f;
      f = g;
      g = swap;
    }
    // The number of an operation is the constant that decides it.
    if (f <= 1) return f === operation ? f : g;
    const key = g * 4 + operation;
    const hash = hashOf(f, key, 0);
    const { nodes, cache } = this;
    let place = (hash & this.cacheMask) * 4;
    if (cache[place] === f && cache[place + 1] === key) return cache[place + 2]!;
    const fAt = f * NODE;
    const gAt = g * NODE;
    const fLevel = nodes[fAt]!;
    const gLevel = nodes[gAt]!;
    const level = fLevel < gLevel ? fLevel : gLevel;
    const low = this.join(
      operation,
      fLevel === level ? nodes[fAt + LOW]! : f,
      gLevel === level ? nodes[gAt + LOW]! : g,
    );
    const high = this.join(
      operation,
      fLevel === level ? nodes[fAt + HIGH]! : f,
      gLevel === level ? nodes[gAt + HIGH]! : g,
    );
    const result = low === high ? low : this.make(level, low, high);
    // The cache may have grown meanwhile.
    const now = this.cache;
    place = (hash & this.cacheMask) * 4;
    now[place] = f;
    now[place + 1] = key;
    now[place + 2] = result;
    return result;
  }

  /** The minimal sets that make a monotone function true, as a family of sets (Rauzy 1993). */
  minimal(f: number): number {
    if (f <= 1) return f;
    const known = this.find(f, MINIMAL);
    if (known >= 0) return known;
    const { nodes } = this;
    const lowFunction = nodes[f * NODE + LOW]!;
    const low = this.minimal(lowFunction);
    const high = this.without(this.minimal(nodes[f * NODE + HIGH]!), lowFunction);
    const result = high === 0 ? low : this.make(nodes[f * NODE]!, low, high);
    this.remember(f, MINIMAL, result);
    return result;
  }

  /** The sets of a family that do not make a monotone function true. */
  without(sets: number, f: number): number {
    if (sets === 0 || f === 1) return 0;
    if (f === 0 || sets === 1) return sets;
    const key = f * 4 + WITHOUT;
    const known = this.find(sets, key);
    if (known >= 0) return known;
    const { nodes } = this;
    const setsLevel = nodes[sets * NODE]!;
    const fLevel = nodes[f * NODE]!;
    let result: number;
    if (fLevel < setsLevel) {
      result = this.without(sets, nodes[f * NODE + LOW]!);
    } else {
      const same = fLevel === setsLevel;
      const low = this.without(nodes[sets * NODE + LOW]!, same ? nodes[f * NODE + LOW]! : f);
      const high = this.without(nodes[sets * NODE + HIGH]!, same ? nodes[f * NODE + HIGH]! : f);
      result = high === 0 ? low : this.make(setsLevel, low, high);
    }
    this.remember(sets, key, result);
    return result;
  }

  /** What was worked out before, or -1. The cache forgets: two keys may share a place. */
  protected find(a: number, b: number): number {
    const at = (hashOf(a, b, 0) & this.cacheMask) * 4;
    const { cache } = this;
    return cache[at] === a && cache[at + 1] === b ? cache[at + 2]! : -1;
  }

  protected remember(a: number, b: number, result: number): void {
    const at = (hashOf(a, b, 0) & this.cacheMask) * 4;
    const { cache } = this;
    cache[at] = a;
    cache[at + 1] = b;
    cache[at + 2] = result;
  }

  /** Old arrays stay valid for whoever holds them: nodes never change once made. */
  private grow(): void {
    const before = this.nodes.length / NODE;
    const capacity = before * (before < LARGE ? 4 : 2);
    const nodes = grown(this.nodes, capacity * NODE);
    const buckets = new Int32Array(capacity);
    relink(nodes, this.size, buckets);
    this.nodes = nodes;
    this.buckets = buckets;
    this.mask = capacity - 1;
    if (capacity <= LARGEST_CACHE) this.growCache(capacity);
  }

  private growCache(capacity: number): void {
    const old = this.cache;
    const cache = new Int32Array(capacity * 4);
    const mask = capacity - 1;
    for (let from = 0; from < old.length; from += 4) {
      if (old[from] === 0) continue;
      const to = (hashOf(old[from]!, old[from + 1]!, 0) & mask) * 4;
      cache[to] = old[from]!;
      cache[to + 1] = old[from + 1]!;
      cache[to + 2] = old[from + 2]!;
    }
    this.cache = cache;
    this.cacheMask = mask;
  }
}

/** Puts all nodes into buckets afresh. On its own, so that V8 does not copy the loop into what calls it. */
function relink(nodes: Int32Array, size: number, buckets: Int32Array): void {
  const mask = buckets.length - 1;
  for (let node = 2; node < size; node++) {
    const at = node * NODE;
    const bucket = hashOf(nodes[at]!, nodes[at + LOW]!, nodes[at + HIGH]!) & mask;
    nodes[at + NEXT] = buckets[bucket]!;
    buckets[bucket] = node;
  }
}

function hashOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
