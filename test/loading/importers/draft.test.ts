import { describe, expect, it } from "vitest";
import { GraphDraft, listed } from "../../../src/loading/importers/draft.js";
import { needsOf } from "../../support/read-document.js";

const draftOf = (...ids: readonly string[]) => {
  const draft = new GraphDraft("x", [{ name: "f", text: "" }]);
  for (const id of ids) draft.service(id, { how: "stated" });
  return draft;
};

describe("a draft of a graph", () => {
  it("keeps the first declaration of a service and fills what it left open", () => {
    const draft = draftOf();
    draft.service("a", { how: "stated" }, { kind: "x" });
    draft.service("a", { how: "inferred", evidence: "y" }, { kind: "z", note: "n" });
    expect(draft.finish().services).toEqual([
      { id: "a", kind: "x", note: "n", users: 0, crashAt: 1, recovery: [], origin: { how: "stated" } },
    ]);
  });

  it("joins the evidence for one dependency, and takes what is stated over what is inferred", () => {
    const draft = draftOf("a", "b");
    for (const evidence of ["1", "2", "2", "3", "4", "5"]) draft.need("a", "b", { evidence });
    draft.need("a", "b", { evidence: "6", phase: "start", note: "x" });
    draft.need("a", "b", { phase: "start", note: "y" });
    expect(needsOf(draft.finish())).toEqual(["a>b: 1, 2, 3 and 2 more", "a>b:start: stated (x; y)"]);
  });

  it("is as heavy and as impatient as the heaviest and most impatient need, however many there are", () => {
    const draft = draftOf("a", "b");
    for (let count = 0; count < 100; count++) {
      draft.need("a", "b", {
        evidence: `${count}`,
        weight: 0.5,
        weightEvidence: "w",
        toleranceMs: 5,
        toleranceEvidence: "t",
      });
    }
    draft.need("a", "b", { evidence: "plain" });
    const [member] = draft.finish().dependencies[0]!.members;
    expect(member).toMatchObject({ weight: 1, tolerance: { minMs: 0 } });
    expect(member!.origins).toBeUndefined();
  });

  it("makes groups of several providers, without the consumer, and gives every dependency its own id", () => {
    const draft = draftOf("a", "b", "c", "d");
    draft.need("a", ["a", "b", "c"], { atLeast: 1 });
    draft.need("a", ["c", "b"], { atLeast: 1 });
    draft.need("a", ["b", "d"], { group: "g" });
    draft.need("a", ["c", "d"], { group: "g", atLeast: 1 });
    draft.need("a", ["a"], {});
    expect(draft.finish().dependencies.map(({ id, gate, members }) => [id, gate.kind, members.length])).toEqual([
      ["a>(b|c)", "at-least", 2],
      ["a>g", "all", 2],
      ["a>g#2", "at-least", 2],
    ]);
  });

  it("knows who needs others, which one's own replicas are not", () => {
    const draft = draftOf("a", "b");
    draft.service("a#1", { how: "stated" }, { partOf: "a" });
    draft.need("a", "a#1", {});
    draft.need("b", "a", {});
    expect([...draft.consumers("run")]).toEqual(["b"]);
  });
});

it("lists names for a sentence", () => {
  expect([listed([]), listed(["a", "b"]), listed(["a", "b", "c"], 2)]).toEqual(["", "a, b", "a, b and 1 more"]);
});
