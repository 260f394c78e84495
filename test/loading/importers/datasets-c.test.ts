/**
 * Fault trees of the data sets: what is read against a plain count beside each file, and the answers
 * against other tools' (SCRAM, Storm) and an independent program's, in full and without a cut-off.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { answerCutSets } from "../../../src/engine/queries/cut-sets.js";
import { galileo } from "../../../src/loading/importers/galileo.js";
import { openPsa } from "../../../src/loading/importers/open-psa.js";
import { readDocument } from "../../../src/loading/read-document.js";
import type { GraphDocument } from "../../../src/model/graph-document.js";
import type { CutSetsResult } from "../../../src/model/result.js";
import { validate } from "../../../src/validation/validate.js";
import { datasetFile, expectations, hasDatasets } from "../../support/datasets.js";

const ARALIA = "faulttree-openpsa/aralia";
const SCRAM = "faulttree-openpsa/scram";
const GALILEO = "faulttree-galileo";

function read(...paths: readonly string[]): GraphDocument {
  return readDocument(paths.map(datasetFile), {});
}

const errors = ({ diagnostics }: GraphDocument) => diagnostics.filter(({ severity }) => severity === "error");

function cutSets(
  document: GraphDocument,
  options: { readonly limit?: number; readonly target?: string } = {},
): CutSetsResult {
  expect(errors(document)).toEqual([]);
  const { graph } = validate(document);
  const target = options.target ?? document.services.find(({ kind }) => kind === "top-event")!.id;
  return answerCutSets(compile(graph!), { kind: "cut-sets", target, level: 1, order: 99, limit: options.limit ?? 0 });
}

interface Counts {
  readonly gates: number | Readonly<Record<string, number>>;
  readonly basic_events: number;
  readonly edges_gate_to_child?: number;
  readonly child_references?: number;
}

function expectCounts(document: GraphDocument, expected: Counts): void {
  const gates =
    typeof expected.gates === "number" ? expected.gates : Object.values(expected.gates).reduce((a, b) => a + b, 0);
  const ofFile = document.services.filter(({ partOf }) => partOf === undefined);
  const isGate = (kind: string | undefined) => kind === "gate" || kind === "top-event";
  expect(ofFile.filter(({ kind }) => isGate(kind))).toHaveLength(gates);
  expect(ofFile.filter(({ kind }) => !isGate(kind))).toHaveLength(expected.basic_events);
  const members = document.dependencies
    .filter(({ consumer }) => isGate(document.services.find(({ id }) => id === consumer)!.kind))
    .reduce((sum, dependency) => sum + dependency.members.length, 0);
  expect(members).toBe(expected.edges_gate_to_child ?? expected.child_references);
}

/** Rows of the table of full counts. */
const oracle = hasDatasets
  ? datasetFile("ORACLES.md")
      .text.split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .filter((cells) => cells.length === 12 && /^\d+$/.test(cells[2]!))
      .map((cells) => ({
        tree: cells[1]!,
        count: cells[7]!.replaceAll(",", ""),
        orders: cells[8]!,
        top: Number(cells[9]),
      }))
  : [];

describe.skipIf(!hasDatasets)("the Aralia fault trees", () => {
  it.each(oracle.filter(({ count }) => count !== "—"))(
    "$tree has exactly $count minimal cut sets",
    ({ tree, count, orders, top }) => {
      const document = read(`${ARALIA}/${tree}.xml`);
      expect(document.format).toBe(openPsa.id);
      const result = cutSets(document, { target: "r1" });
      expect(result.total).toBe(count);
      const found = Object.keys(result.byOrder).map(Number);
      expect(`${Math.min(...found)}–${Math.max(...found)}`).toBe(orders);
      expect(result.probability! / top).toBeCloseTo(1, 8);
      expect(result.leftOut).toBe(count);
    },
  );

  it.each(["chinese", "baobab1"])("%s has the known histogram by order", (tree) => {
    const histogram = new RegExp(`${tree} \\{([^}]*)\\}`).exec(datasetFile("ORACLES.md").text)![1]!;
    const expected = Object.fromEntries(histogram.split(", ").map((entry) => entry.split(":")));
    expect(cutSets(read(`${ARALIA}/${tree}.xml`), { target: "r1" }).byOrder).toEqual(expected);
  });

  it("are read with every gate, basic event and edge", () => {
    for (const { path, expected } of expectations<Counts>(ARALIA)) {
      const document = read(path);
      if (errors(document).length > 0) continue;
      expectCounts(document, expected);
    }
  });

  it("nus9601 is not counted, and says up to which order its sets are complete", () => {
    const document = read(`${ARALIA}/nus9601.xml`);
    const { graph } = validate(document);
    const question = { kind: "cut-sets", target: "r1", level: 1, order: 3, limit: 100 } as const;
    const result = answerCutSets(compile(graph!), question);
    expect(result).toMatchObject({ total: null, complete: false, leftOut: "", byOrder: { "3": "10" } });
    expect(result.listed).toHaveLength(10);
    expect(result.findings.map(({ message }) => message).join()).toContain("complete up to order 3");
  });

  it("das9601 is refused at each negation, because it has no minimal cut sets", () => {
    const document = read(`${ARALIA}/das9601.xml`);
    expect(new Set(errors(document).map(({ code }) => code))).toEqual(new Set(["NOT_COHERENT"]));
    expect(errors(document)).toHaveLength(14 + 12);
    expect(errors(document)[0]!.location).toMatchObject({ line: expect.any(Number), column: 1 });
    expect(validate(document).graph).toBeNull();
  });
});

describe.skipIf(!hasDatasets)("SCRAM's own fault trees", () => {
  interface Expected extends Counts {
    readonly oracle_from_scram_tests?: {
      readonly with_files?: readonly string[];
      readonly mcs?: number;
      readonly mcs_by_order?: readonly number[];
      readonly cut_sets?: readonly (readonly string[])[];
      readonly p_exact_bdd?: number;
      /** How far from the exact value its own test lets it be; values are printed to this. */
      readonly tol?: number;
    };
  }

  it("give the sets and probabilities its tests hold it to", () => {
    let compared = 0;
    for (const { path, expected } of expectations<Expected>(SCRAM)) {
      const known = expected.oracle_from_scram_tests;
      const document = read(path, ...(known?.with_files ?? []).map((name) => `${SCRAM}/${name}`));
      if (expected.gates === 0) {
        expect(document.diagnostics.map(({ code }) => code)).toContain("NO_DEPENDENCIES");
        continue;
      }
      expectCounts(document, expected);
      if (known?.mcs === undefined) continue;
      const result = cutSets(document, { limit: 1_000 });
      expect(result.total).toBe(String(known.mcs));
      expect(result.complete).toBe(true);
      expect(Math.abs(result.probability! - known.p_exact_bdd!)).toBeLessThan(Math.min(known.tol ?? 1e-7, 1e-5));
      for (const [index, count] of (known.mcs_by_order ?? []).entries()) {
        expect(result.byOrder[index + 1] ?? "0").toBe(String(count));
      }
      if (known.cut_sets !== undefined) {
        const named = (sets: readonly (readonly string[])[]) => sets.map((set) => set.toSorted().join("+")).toSorted();
        expect(named(result.listed)).toEqual(named(known.cut_sets));
      }
      compared++;
    }
    expect(compared).toBe(6);
  });
});

describe.skipIf(!hasDatasets)("Galileo fault trees", () => {
  interface Expected extends Counts {
    readonly gates: Readonly<Record<string, number>>;
    readonly oracle_from_storm_tests?: Readonly<Record<string, number | string>>;
  }
  const STATIC = /^(and|or|vot\d*|fdep)$/;

  it("with nothing but and, or, k of n and fdep are read; the others are refused where order matters", () => {
    const refused: string[] = [];
    for (const { path, expected } of expectations<Expected>(GALILEO)) {
      const document = read(path);
      expect(document.format).toBe(galileo.id);
      const codes = [...new Set(errors(document).map(({ code }) => code))];
      if (Object.keys(expected.gates).every((kind) => STATIC.test(kind))) {
        expect(codes).toEqual([]);
        const fdeps = expected.gates["fdep"] ?? 0;
        const { gates, ...rest } = expected;
        if (fdeps === 0) expectCounts(document, { ...rest, gates });
      } else {
        expect(codes).toEqual(["NOT_REPRESENTABLE"]);
        refused.push(path);
      }
    }
    expect(refused).toHaveLength(22);
  });

  it("have Storm's probability of failure by time 1", () => {
    const compared: string[] = [];
    for (const { path, expected } of expectations<Expected>(GALILEO)) {
      const known = expected.oracle_from_storm_tests ?? {};
      const value = known["P(fail<= 1.0)"] ?? known["P(fail<= 1) (simulated, +-0.01)"];
      const document = read(path);
      if (typeof value !== "number" || errors(document).length > 0) continue;
      expect(cutSets(document).probability).toBeCloseTo(value, 8);
      compared.push(path);
    }
    expect(compared).toHaveLength(5);
  });

  it("2 of 4 at one half each is 0.6875", () => {
    const result = cutSets(read(`${GALILEO}/bdd__VotTest.dft`), { limit: 10 });
    expect(result.probability).toBeCloseTo(0.6875, 12);
    expect(result.total).toBe("6");
  });
});
