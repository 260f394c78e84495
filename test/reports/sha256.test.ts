import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Base64 } from "../../src/reports/html/sha256.js";

const byNode = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64");

describe("SHA-256", () => {
  it("agrees with Node's around the ends of blocks", () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 1000, 100_000]) {
      expect(sha256Base64("é".repeat(length)), `${length}`).toBe(byNode("é".repeat(length)));
    }
  });

  it("agrees with Node's on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => sha256Base64(text) === byNode(text)),
    );
  });
});
