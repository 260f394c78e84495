/**
 * Replicas as redundancy: a service that runs n times needs at least k of its replicas, each a service of its
 * own that can be broken. k is stated where the format states it and 1 otherwise, because no manifest says
 * whether one replica alone carries the load.
 */
import type { Location } from "../../diagnostics/location.js";
import { inferred, type GraphDraft } from "./draft.js";

/** More replicas than this stay a note on the service. */
export const MOST_REPLICAS = 20;

export interface Replicas {
  readonly count: number;
  /** How many must work, and what says so; one is assumed when absent. */
  readonly need?: { readonly count: number; readonly by: string };
  /** The setting that gives the count, such as `spec.replicas`. */
  readonly by: string;
  readonly location: Location | undefined;
}

/** Declares the replicas of a declared service. Returns what to note on the service. */
export function declareReplicas(draft: GraphDraft, id: string, replicas: Replicas): string | undefined {
  const { count, location } = replicas;
  if (count === 0) return `${replicas.by} is 0: not running unless scaled up`;
  if (count === 1) return undefined;
  if (count > MOST_REPLICAS) return `${count} replicas (${replicas.by}), kept as one service`;
  const need = Math.min(count, Math.max(1, replicas.need?.count ?? 1));
  const enough = replicas.need === undefined ? "any one is taken to be enough" : `${replicas.need.by} asks for ${need}`;
  const evidence = `${replicas.by} ${count}, ${enough}`;
  const members = Array.from({ length: count }, (_, index) => `${id}#${index + 1}`);
  for (const member of members) draft.service(member, inferred(evidence, location), { kind: "replica", partOf: id });
  draft.need(id, members, {
    atLeast: need,
    evidence,
    group: "replicas",
    ...(location === undefined ? {} : { location }),
  });
  return `${count} replicas`;
}
