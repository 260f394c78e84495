/**
 * The groups of a large table, whose dependencies have one member each: then group, edge and row have the same
 * numbers, and a parameter is looked up by form. What all forms leave at 0 is not written, and what two columns have
 * in common is one array: memory that nobody writes to is free, and to touch some costs more than to compute it.
 */
import type { Dependency, Member } from "../model/dependency.js";
import type { DependencyColumns } from "../model/dependency-columns.js";
import { cohortValue, toDamage } from "../model/quantity.js";
import { MILLION } from "./compiled-graph.js";
import { bytes, floats, int32s, shorts } from "./shared-arrays.js";

/** @param upwards 0 to the number of rows: each group, edge and row begins where it is */
export function arrangePlainGroups(
  { count, consumer, provider, form, forms }: DependencyColumns,
  upwards: Int32Array,
  nodeOf: Int32Array,
  nodeCount: number,
) {
  const groupStart = int32s(nodeCount + 1);
  for (let row = 0; row < count; row++) groupStart[nodeOf[consumer[row]!]! + 1]!++;
  for (let v = 0; v < nodeCount; v++) groupStart[v + 1]! += groupStart[v]!;
  const fill = groupStart.slice(0, nodeCount);
  const groupDependency = int32s(count);
  for (let row = 0; row < count; row++) groupDependency[fill[nodeOf[consumer[row]!]!]!++] = row;

  const groupNode = int32s(count);
  for (let v = 0; v < nodeCount; v++) groupNode.fill(v, groupStart[v], groupStart[v + 1]);
  const edgeProvider = int32s(count);
  const formOf = new Int32Array(count);
  for (let g = 0; g < count; g++) {
    const row = groupDependency[g]!;
    edgeProvider[g] = nodeOf[provider[row]!]!;
    formOf[g] = form[row]!;
  }

  const ofMember = (value: (member: Member) => number): number[] => forms.map(({ members }) => value(members[0]!));
  const weights = forms.map(({ weight }) => toDamage(weight));
  const memberWeights = ofMember(({ weight }) => toDamage(weight));
  const groupWeight = column(shorts(count), formOf, weights);
  const isSameWeight = weights.every((weight, number) => weight === memberWeights[number]);
  return {
    groupCount: count,
    edgeCount: count,
    groupStart,
    groupDependency,
    groupNode,
    groupIsStart: column(
      bytes(count),
      formOf,
      forms.map(({ phase }) => (phase === "start" ? 1 : 0)),
    ),
    groupRank: column(int32s(count), formOf, forms.map(rankOf)),
    groupCapacity: column(
      floats(count),
      formOf,
      forms.map(({ gate }) => (gate.kind === "capacity" ? Math.round(gate.need * MILLION) : 0)),
    ),
    groupTheta: column(
      floats(count),
      formOf,
      forms.map(({ toleranceMs }) => toleranceMs),
    ),
    groupLambda: column(
      floats(count),
      formOf,
      forms.map(({ lagMs }) => lagMs),
    ),
    groupWeight,
    edgeStart: upwards,
    edgeGroup: upwards.subarray(0, count),
    edgeProvider,
    edgeTrip: column(
      shorts(count),
      formOf,
      ofMember(({ trip }) => Math.max(1, toDamage(trip))),
    ),
    edgeWeight: isSameWeight ? groupWeight : column(shorts(count), formOf, memberWeights),
    edgeIsStep: column(
      bytes(count),
      formOf,
      ofMember(({ transfer }) => (transfer === "step" ? 1 : 0)),
    ),
    edgeCapacity: column(
      floats(count),
      formOf,
      ofMember(({ capacity }) => (capacity === undefined ? 0 : Math.round(capacity * MILLION))),
    ),
    ...arrangeCohorts(forms, formOf, upwards),
  };
}

/** k - 1 of a dependency that needs k of its members. */
export function rankOf({ gate, members }: Dependency): number {
  return (gate.kind === "at-least" ? gate.need : members.length) - 1;
}

export function cohortsOf({ tolerance, lag }: Member): number {
  return Math.max(tolerance.cohorts, lag.cohorts);
}

/** Fills an array of zeros by form. */
function column<A extends Int32Array | Uint16Array | Uint8Array | Float64Array>(
  zeros: A,
  formOf: Int32Array,
  values: readonly number[],
): A {
  const [first = 0] = values;
  if (values.every((value) => value === first)) return first === 0 ? zeros : (zeros.fill(first) as A);
  for (let g = 0; g < formOf.length; g++) zeros[g] = values[formOf[g]!]!;
  return zeros;
}

function arrangeCohorts(forms: readonly Dependency[], formOf: Int32Array, upwards: Int32Array) {
  const members = forms.map(({ members }) => members[0]!);
  const counts = members.map(cohortsOf);
  if (counts.every((count) => count === 1)) {
    const values = (of: "tolerance" | "lag"): number[] => members.map((member) => cohortValue(member[of], 0, 1));
    return {
      cohortStart: upwards,
      theta: column(floats(formOf.length), formOf, values("tolerance")),
      lambda: column(floats(formOf.length), formOf, values("lag")),
    };
  }
  const cohortStart = int32s(formOf.length + 1);
  for (let edge = 0; edge < formOf.length; edge++) cohortStart[edge + 1] = cohortStart[edge]! + counts[formOf[edge]!]!;
  const total = cohortStart[formOf.length]!;
  const theta = floats(total);
  const lambda = floats(total);
  for (let edge = 0; edge < formOf.length; edge++) {
    const { tolerance, lag } = members[formOf[edge]!]!;
    const count = counts[formOf[edge]!]!;
    for (let j = 0; j < count; j++) {
      theta[cohortStart[edge]! + j] = cohortValue(tolerance, j, count);
      lambda[cohortStart[edge]! + j] = cohortValue(lag, j, count);
    }
  }
  return { cohortStart, theta, lambda };
}
