import { describe, expect, it } from "vitest";
import { didYouMean, suggest } from "../../src/diagnostics/suggest.js";

const NAMES = ["dynamodb", "dynamodb-dns", "lambda", "lambda-async", "sqs", "sts"];

describe("did you mean", () => {
  it.each([
    ["dynamo", ["dynamodb", "dynamodb-dns"]],
    ["dynmaodb", ["dynamodb"]],
    ["LAMDBA", ["lambda"]],
    ["sq", ["sqs"]],
    ["kafka", []],
    ["", []],
  ])("%j suggests %j", (wrong, expected) => {
    expect(suggest(wrong, NAMES)).toEqual(expected);
  });

  it("says nothing when nothing is near", () => {
    expect(didYouMean("kafka", NAMES)).toBeUndefined();
    expect(didYouMean("dynmaodb", NAMES)).toBe('Did you mean "dynamodb"?');
  });

  it("does not compare names that are longer than anybody types", () => {
    const long = "x".repeat(100_000);
    expect(suggest(long, [`${long}y`, "x"])).toEqual([]);
  });
});
