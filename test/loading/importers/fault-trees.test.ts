/** Fault trees as files write them: nesting, constants, votes, scopes, expressions, and what is refused where. */
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/engine/compile.js";
import { answerCutSets } from "../../../src/engine/queries/cut-sets.js";
import { readDocument } from "../../../src/loading/read-document.js";
import type { GraphDocument } from "../../../src/model/graph-document.js";
import { validate } from "../../../src/validation/validate.js";

const psa = (body: string): GraphDocument =>
  readDocument([{ name: "tree.xml", text: `<?xml version="1.0"?>\n<opsa-mef>\n${body}\n</opsa-mef>\n` }]);
const dft = (text: string): GraphDocument => readDocument([{ name: "tree.dft", text }]);

const problems = ({ diagnostics }: GraphDocument) =>
  diagnostics.map(({ code, severity, location }) => `${location?.line}:${location?.column} ${severity} ${code}`);

function sets(document: GraphDocument, target: string): string[] {
  expect(document.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const question = { kind: "cut-sets", target, level: 1, order: 9, limit: 100 } as const;
  return answerCutSets(compile(validate(document).graph!), question)
    .listed.map((set) => set.toSorted().join("+"))
    .toSorted();
}

const probability = (document: GraphDocument, id: string) =>
  document.services.find((service) => service.id === id)?.failureProbability;

describe("an Open-PSA file", () => {
  it("may nest formulas, and refer to events without defining them", () => {
    const document = psa(`<define-fault-tree name="t"><define-gate name="top"><or>
      <and><basic-event name="a"/><or><event name="b"/><basic-event name="c"/></or></and>
      <atleast min="2"><basic-event name="d"/><basic-event name="e"/><basic-event name="f"/></atleast>
    </or></define-gate></define-fault-tree>`);
    expect(sets(document, "top")).toEqual(["a+b", "a+c", "d+e", "d+f", "e+f"]);
    expect(document.services.find(({ id }) => id === "top.1")).toMatchObject({ kind: "gate", partOf: "top" });
  });

  it("has its house events and constants worked in", () => {
    const document = psa(`<define-fault-tree name="t">
      <define-gate name="top"><atleast min="2"><house-event name="on"/><basic-event name="a"/><gate name="g"/></atleast></define-gate>
      <define-gate name="g"><and><basic-event name="b"/><constant value="true"/><gate name="never"/></and></define-gate>
      <define-gate name="never"><or><house-event name="off"/><basic-event name="c"/></or></define-gate>
      <define-house-event name="on"><constant value="true"/></define-house-event>
      <define-house-event name="off"><constant value="false"/></define-house-event>
    </define-fault-tree>`);
    expect(sets(document, "top")).toEqual(["a", "b+c"]);
  });

  it("counts an input twice that a vote names twice", () => {
    const document = psa(`<define-fault-tree name="t"><define-gate name="top"><atleast min="2">
      <basic-event name="a"/><basic-event name="a"/><basic-event name="b"/></atleast></define-gate></define-fault-tree>`);
    expect(sets(document, "top")).toEqual(["a"]);
  });

  it("keeps private names apart", () => {
    const component = (name: string) => `<define-component name="${name}" role="private">
      <define-gate name="g"><or><basic-event name="x"/></or></define-gate>
      <define-basic-event name="x"><float value="0.5"/></define-basic-event></define-component>`;
    const document = psa(`<define-fault-tree name="t"><define-gate name="top"><and>
      <gate name="one.g"/><gate name="two.g"/></and></define-gate>${component("one")}${component("two")}</define-fault-tree>`);
    expect(sets(document, "top")).toEqual(["t.one.x+t.two.x"]);
  });

  it("has its expressions evaluated, parameters anywhere in the file", () => {
    const event = (name: string, value: string) => `<define-basic-event name="${name}">${value}</define-basic-event>`;
    const document = psa(`<model-data>
      ${event("exponential", `<exponential><parameter name="rate"/><float value="100"/></exponential>`)}
      ${event("glm", `<GLM><float value="0"/><float value="1e-6"/><float value="0.1"/><system-mission-time/></GLM>`)}
      ${event("weibull", `<Weibull><float value="50"/><float value="2"/><float value="0"/><float value="100"/></Weibull>`)}
      ${event("tested", `<periodic-test><float value="7e-7"/><float value="720"/><float value="0"/><system-mission-time/></periodic-test>`)}
      ${event("unsure", `<mul><float value="2"/><uniform-deviate><float value="0.1"/><float value="0.2"/></uniform-deviate></mul>`)}
      ${event("unknown", `<extern-function name="f"/>`)}
      ${event("impossible", `<float value="1.5"/>`)}
      <define-parameter name="rate"><float value="0.001"/></define-parameter></model-data>`);
    expect(probability(document, "exponential")).toBeCloseTo(1 - Math.exp(-0.1), 14);
    expect(probability(document, "glm")).toBeCloseTo(1e-6 / 0.100001, 14);
    expect(probability(document, "weibull")).toBeCloseTo(1 - Math.exp(-4), 14);
    expect(probability(document, "tested")).toBeCloseTo(1 - Math.exp(-7e-7 * 120), 14);
    expect(probability(document, "unsure")).toBeCloseTo(0.3, 14);
    expect(probability(document, "unknown")).toBeUndefined();
    expect(document.services.find(({ id }) => id === "exponential")!.origins).toMatchObject({
      failure_probability: { how: "inferred" },
    });
    expect(problems(document).sort()).toEqual(
      ["9:7 warning NOT_REPRESENTABLE", "10:7 error VALUE_RANGE", "undefined:undefined warning NO_DEPENDENCIES"].sort(),
    );
  });

  it.each(["not", "xor", "nand", "nor", "iff", "imply"])("with <%s> is refused at its place", (kind) => {
    const inputs = kind === "not" ? `<basic-event name="a"/>` : `<basic-event name="a"/><basic-event name="b"/>`;
    const document = psa(`<define-fault-tree name="t"><define-gate name="top">\n<${kind}>${inputs}</${kind}>
      </define-gate></define-fault-tree>`);
    expect(problems(document)).toEqual(["4:1 error NOT_COHERENT"]);
    expect(validate(document).graph).toBeNull();
  });

  it("names what is missing, defined twice or out of range", () => {
    const document = psa(`<define-fault-tree name="t">
<define-gate name="top"><or><gate name="gat"/><gate name="gate"/></or></define-gate>
<define-gate name="gate"><atleast min="3"><basic-event name="a"/><basic-event name="b"/></atleast></define-gate>
<define-gate name="gate"><basic-event name="a"/></define-gate>
<define-gate name="empty"></define-gate>
<define-CCF-group name="c" model="beta-factor"/>
</define-fault-tree>`);
    expect(problems(document).sort()).toEqual([
      "4:29 error SERVICE_UNKNOWN",
      "5:26 error VALUE_RANGE",
      "6:1 error DUPLICATE_SERVICE",
      "7:1 error KEY_MISSING",
      "8:1 error NOT_REPRESENTABLE",
    ]);
    expect(document.diagnostics.find(({ code }) => code === "SERVICE_UNKNOWN")!.remedy).toContain('"gate"');
  });
});

describe("a Galileo file", () => {
  it("may leave out quotes, write comments, and use a functional dependency", () => {
    const document = dft(`// two pumps
      toplevel "S y s"; /* the whole
      thing */ "S y s" and P1 P2;
      P1 prob=0.1; P2 lambda=2 dorm=0; power prob=0.5;
      F fdep power P1 P2;`);
    expect(sets(document, "S y s")).toEqual(["P1+P2", "power"]);
    expect(probability(document, "P2")).toBeCloseTo(1 - Math.exp(-2), 14);
  });

  it("has its distributions evaluated at time 1", () => {
    const document = dft(`toplevel T; T 2of4 E L W A;
      E lambda=4 phases=3; L mean=-1 stddev=0.3; W rate=2 shape=3; A prob=0.25;`);
    expect(probability(document, "E")).toBeCloseTo(1 - Math.exp(-4) * (1 + 4 + 8), 14);
    expect(probability(document, "L")).toBeCloseTo(0.99957093966680322, 12);
    expect(probability(document, "W")).toBeCloseTo(1 - Math.exp(-8), 14);
    expect(sets(document, "T")).toHaveLength(6);
  });

  it.each(["pand", "por", "seq", "wsp", "csp", "hsp", "spare", "mutex", "pdep=0.2"])(
    "with a %s is refused at its place and nowhere else",
    (kind) => {
      const document = dft(`toplevel "T";\n"T" or "G" "A";\n"G" ${kind} "A" "B";\n"A" lambda=1;\n"B" lambda=1;`);
      expect(problems(document)).toEqual(["3:5 error NOT_REPRESENTABLE"]);
    },
  );

  it("names what is missing or wrong", () => {
    const document = dft(`toplevel "T";\n"T" 3of2 "A" "B";\n"A" lambda=x;\n"A" lambda=1;\n"C" maybe "A"`);
    expect(problems(document).sort()).toEqual([
      "2:14 error SERVICE_UNKNOWN",
      "2:5 error VALUE_RANGE",
      "3:5 error VALUE_TYPE",
      "4:1 error DUPLICATE_SERVICE",
      "5:1 error SYNTAX",
      "5:5 error SYNTAX",
    ]);
  });

  it("leaves a probability open that hangs on a parameter without a value", () => {
    const document = dft(`param x;\ntoplevel "T";\n"T" and "A" "B";\n"A" lambda=x;\n"B" lambda=1;`);
    expect(problems(document)).toEqual(["4:5 warning VARIABLE_UNSET"]);
    expect(sets(document, "T")).toEqual(["A+B"]);
  });
});

it("a Galileo value that is not read is told once; parameters with a value are put in", () => {
  const text = 'param P;\nparam Q=0.25;\ntoplevel "S";\n"S" or "A" "B";\n"A" lambda=1e-4 repair=0.1; "B" prob=Q;\n';
  const { services, diagnostics } = readDocument([{ name: "a.dft", text }]);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'repair of "A" is not read, so its probability is left open.',
  ]);
  expect(services.find(({ id }) => id === "B")?.failureProbability).toBe(0.25);
});
