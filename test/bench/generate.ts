/**
 * A company's services, made up from a seed: a few infrastructure hubs that nearly everything needs, data stores,
 * services in business domains (one in a hundred shared by all), and applications with users on top. About five
 * dependencies each, one in ten soft, popularity with a heavy tail, a few arrows backwards that may close loops.
 * Order in the files is shuffled, as in life.
 */

export interface MadeGraph {
  readonly ids: readonly string[];
  readonly users: readonly number[];
  /** How long each takes to mend, in seconds. */
  readonly mendS: readonly number[];
  readonly arrows: readonly Arrow[];
  /** The service that most others need. */
  readonly hub: string;
}

export interface Arrow {
  readonly consumer: number;
  readonly provider: number;
  readonly isSoft: boolean;
  readonly toleranceS: number;
  readonly lagS: number;
}

const LAGS = [5, 15, 30, 60, 120, 240, 480];
const TOLERANCES = { hub: [90, 240, 600, 1800], store: [2, 4, 8, 20], service: [1, 3, 6, 12, 25, 50] } as const;

export function makeGraph(size: number, seed: number): MadeGraph {
  const random = randomFrom(seed + size);
  const below = (limit: number): number => Math.floor(random() * limit);
  /** Low numbers far more often than high ones. */
  const popular = (limit: number): number => Math.min(limit - 1, Math.floor(limit ** (random() ** 1.2)) - 1);
  const hubs = Math.max(4, Math.round(Math.sqrt(size) / 10));
  const stores = Math.round(size / 50);
  const services = Math.round(size * 0.27);
  const domains = Math.max(4, Math.round(size / 400));
  const firstStore = hubs;
  const firstService = firstStore + stores;
  const firstApp = firstService + services;
  const shared = Math.max(3, Math.round(services / 100));
  const inDomain = (first: number, count: number, domain: number): number =>
    first + Math.min(count - 1, popular(Math.max(1, Math.floor(count / domains))) * domains + domain);

  const ids: string[] = [];
  const users: number[] = [];
  const mendS: number[] = [];
  const arrows: Arrow[] = [];
  for (let v = 0; v < size; v++) {
    const domain = v % domains;
    const layer = v < firstStore ? "hub" : v < firstService ? "store" : v < firstApp ? "service" : "app";
    ids.push(layer === "hub" ? `core/hub-${v}` : `area-${domain}/${layer}-${v}`);
    users.push(layer === "app" ? Math.min(4_000_000, Math.floor(25 / (1 - random()) ** 0.9)) : 0);
    mendS.push(Math.round(Math.min(172_800, 3600 * Math.exp(2.2 * (random() + random() + random() - 1.5))) + 60));
    const needs = new Set<number>();
    switch (layer) {
      case "hub":
        if (v > 0) needs.add(below(v));
        break;
      case "store":
        needs.add(popular(hubs)).add(popular(hubs));
        if (random() < 0.4) needs.add(firstStore + below(v - firstStore + 1));
        break;
      case "service":
        needs
          .add(popular(hubs))
          .add(popular(hubs))
          .add(inDomain(firstStore, stores, domain));
        for (let i = below(3); i >= 0; i--) needs.add(firstService + popular(v - firstService + 1));
        if (random() < 0.25) needs.add(firstService + popular(shared));
        if (random() < 0.004) needs.add(Math.min(firstApp - 1, v + domains * (1 + below(3))));
        break;
      case "app":
        needs.add(popular(hubs)).add(popular(hubs));
        for (let i = 1 + below(3); i >= 0; i--) needs.add(inDomain(firstService, services, domain));
        if (random() < 0.4) needs.add(inDomain(firstStore, stores, domain));
        if (random() < 0.05) needs.add(firstApp + below(v - firstApp + 1));
        break;
    }
    needs.delete(v);
    for (const provider of needs) {
      const tolerances = TOLERANCES[provider < firstStore ? "hub" : provider < firstService ? "store" : "service"];
      arrows.push({
        consumer: v,
        provider,
        isSoft: layer !== "hub" && random() < 0.1,
        toleranceS: tolerances[below(tolerances.length)]!,
        lagS: LAGS[below(LAGS.length)]!,
      });
    }
  }
  return shuffled({ ids, users, mendS, arrows, hub: ids[0]! }, below);
}

/** As topple reads it, without the soft dependencies, which no yardstick propagates. */
export function asTables(made: MadeGraph): { readonly services: string; readonly dependencies: string } {
  const services = made.ids.map((id, v) => `${id},${made.users[v]!}\n`);
  const dependencies = made.arrows
    .filter(({ isSoft }) => !isSoft)
    .map((a) => `${made.ids[a.consumer]!},${made.ids[a.provider]!},${a.toleranceS}s,${a.lagS}s\n`);
  return {
    services: `id,users\n${services.join("")}`,
    dependencies: `from,to,tolerance,lag\n${dependencies.join("")}`,
  };
}

/**
 * The same with every rule in use somewhere: soft dependencies as partial weights, spreads of tolerances, two of the
 * providers standing in for each other, restarts, start dependencies and queues.
 */
export function asRichTables(made: MadeGraph): { readonly services: string; readonly dependencies: string } {
  const services = made.ids.map((id, v) => {
    const recovery = v % 20 === 3 ? "4m" : v % 100 === 7 ? "30m:20m; 0s:2m" : "";
    const [load, surge, levels] = v % 50 === 11 ? ["0.5", "1.2", "10s:0.2; 5m:1"] : ["", "", ""];
    return `${id},${made.users[v]!},${recovery},${load},${surge},${levels}\n`;
  });
  const dependencies = made.arrows.map((a, i) => {
    const before = made.arrows[i - 1];
    const after = made.arrows[i + 1];
    const joins = (other: Arrow | undefined): boolean => other?.consumer === a.consumer;
    const group = i % 20 === 4 && joins(after) ? `g${i}` : i % 20 === 5 && joins(before) ? `g${i - 1}` : "";
    const phase = group === "" && i % 40 === 10 ? "start" : "";
    const tolerance = i % 25 === 17 ? `${a.toleranceS}s..${4 * a.toleranceS}s/4` : `${a.toleranceS}s`;
    const weight = a.isSoft ? "0.3" : "";
    return `${made.ids[a.consumer]!},${made.ids[a.provider]!},${tolerance},${a.lagS}s,${weight},${group},${group === "" ? "" : 1},${phase}\n`;
  });
  return {
    services: `id,users,recovery,load,surge,levels\n${services.join("")}`,
    dependencies: `from,to,tolerance,lag,weight,group,need,phase\n${dependencies.join("")}`,
  };
}

/** For a native yardstick: nodes.csv, edges.csv and faults.txt, times in whole seconds. */
export function asYardstickFiles(made: MadeGraph): Readonly<Record<string, string>> {
  const nodes = made.ids.map((id, v) => `${id},service,${made.users[v]!},${made.mendS[v]!}\n`);
  const edges = made.arrows.map(
    (a) =>
      `${made.ids[a.consumer]!},${made.ids[a.provider]!},${a.isSoft ? "soft" : "hard"},${a.toleranceS},${a.lagS}\n`,
  );
  return {
    "nodes.csv": `id,kind,users,mttr_s\n${nodes.join("")}`,
    "edges.csv": `from,to,strength,tolerance_s,lag_s\n${edges.join("")}`,
    "faults.txt": `${made.hub}\n${made.hub}\n`,
  };
}

function shuffled(made: MadeGraph, below: (limit: number) => number): MadeGraph {
  const order = made.ids.map((_, v) => v);
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const placeOf = new Int32Array(order.length);
  order.forEach((v, place) => (placeOf[v] = place));
  return {
    ids: order.map((v) => made.ids[v]!),
    users: order.map((v) => made.users[v]!),
    mendS: order.map((v) => made.mendS[v]!),
    hub: made.hub,
    arrows: made.arrows
      .map((a) => ({ ...a, consumer: placeOf[a.consumer]!, provider: placeOf[a.provider]! }))
      .sort((a, b) => a.consumer - b.consumer),
  };
}

/** Marsaglia's xorshift, 32 bits, to [0, 1). */
function randomFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}
