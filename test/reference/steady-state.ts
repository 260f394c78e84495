/**
 * The recoverability certificate (SPEC T5): the greatest fixpoint of the model with every delay 0 and no
 * faults, found by iterating down from "everything fully down". Also what a cold start of everything
 * leaves down (SPEC 5.3), and the static overload certificate of one service (Ext-L).
 */
import type { GraphSpec, NeedSpec, ServiceSpec } from "../support/build.js";

const N = 10_000;

/** Services that could stay damaged by themselves, with the most they could; empty when every outage ends. */
export function couldStayDown(
  graph: GraphSpec,
  loadOf: (id: string, service: ServiceSpec) => number = (_, service) => service.backlog?.load ?? 0,
): Map<string, number> {
  const names = Object.keys(graph);
  let levels = new Map(names.map((id) => [id, N]));
  for (;;) {
    const next = new Map(names.map((id) => [id, steady(graph[id]!, levels, loadOf(id, graph[id]!))]));
    if (names.every((id) => next.get(id) === levels.get(id))) break;
    levels = next;
  }
  return new Map([...levels].filter(([, level]) => level > 0));
}

function steady(service: ServiceSpec, levels: ReadonlyMap<string, number>, load: number): number {
  const felt = (phase: string) =>
    Math.max(
      0,
      ...(service.needs ?? []).filter((need) => (need.phase ?? "run") === phase).map((need) => group(need, levels)),
    );
  const input = felt("run");
  const start = felt("start");
  const restarts = (service.recovery ?? []).length > 0 || (service.needs ?? []).some((need) => need.phase === "start");
  const crash = input >= Math.round((service.crashAt ?? 1) * N) ? input : 0;
  // A latch that was set holds as long as anything blocks the restart; that it was set is assumed.
  const capacityDamage = Math.max(input, restarts ? Math.max(crash, start) : 0);
  const { backlog } = service;
  if (backlog === undefined) return capacityDamage;
  // In whole millionths: a queue that neither grows nor drains is a matter of the last digit.
  const persists = (damage: number) => millionths(backlog.surge ?? 1) * (N - damage) <= millionths(load) * N;
  const collapsed = backlog.collapseAt !== undefined && persists(N) ? N : 0;
  const damage = Math.max(capacityDamage, collapsed);
  const shown = Math.max(...(backlog.levels ?? [[0, 1] as const]).map(([, level]) => Math.round(level * N)));
  return persists(damage) ? Math.max(damage, shown) : damage;
}

function group(need: NeedSpec, levels: ReadonlyMap<string, number>): number {
  const felt = need.members.map((member) => {
    const level = levels.get(member.dep)!;
    const tripped = level >= Math.round((member.trip ?? 0) * N) ? level : 0;
    const weight = Math.round((member.weight ?? 1) * N);
    if (member.step === true) return tripped > 0 ? weight : 0;
    return Math.floor((weight * tripped) / N);
  });
  const weight = Math.round((need.weight ?? 1) * N);
  if (need.capacity !== undefined) {
    const left = need.members.reduce((sum, member, m) => sum + Math.round(member.capacity! * 1e6) * (N - felt[m]!), 0);
    return Math.floor((weight * Math.max(0, N - Math.floor(left / Math.round(need.capacity * 1e6)))) / N);
  }
  const k = need.need ?? need.members.length;
  return Math.floor((weight * felt.toSorted((a, b) => a - b)[k - 1]!) / N);
}

/** Expected attempts per request when a share `d` of them fails, with up to `retries` more each. */
export function attempts(d: number, retries: number): number {
  let sum = N;
  let term = N;
  for (let r = 0; r < retries; r++) {
    term = Math.floor((term * d) / N);
    sum += term;
  }
  return sum;
}

/** The greatest overload one service could sustain: damage 0..10000, for headroom and waste as in Ext-L. */
export function sustainedOverload(headroom: number, retries: number, waste: number, base = 1): number {
  let d = N;
  for (;;) {
    const load = Math.floor((base * N * attempts(d, retries)) / N);
    const capacity = headroom * N;
    const next = load <= capacity ? 0 : N - Math.ceil(N * (capacity / load) ** waste);
    if (next >= d) return d;
    d = next;
  }
}

/** The headroom below which that overload sustains itself: max over d of (1-d)^(1/waste) * attempts(d). */
export function criticalHeadroom(retries: number, waste: number): number {
  let most = 0;
  for (let step = 1; step <= 20_000; step++) {
    const share = step / 20_000;
    let sum = 1;
    for (let r = 1; r <= retries; r++) sum += share ** r;
    most = Math.max(most, (1 - share) ** (1 / waste) * sum);
  }
  return most;
}

function millionths(share: number): number {
  return Math.round(share * 1_000_000);
}
