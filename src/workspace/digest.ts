/** The fingerprint of files. In a file of its own because few answers show it and hashing is slow to load. */
import { createHash } from "node:crypto";
import type { SourceFile } from "../diagnostics/source-file.js";

/** SHA-256 over the contents in an order of their own, so that names and places play no part. */
export function digestOf(sources: readonly SourceFile[]): string {
  const each = sources.map((source) => {
    const hash = createHash("sha256");
    for (const piece of source.bytes?.() ?? [source.text]) hash.update(piece);
    return hash.digest("hex");
  });
  return createHash("sha256").update(each.sort().join("\n")).digest("hex");
}
