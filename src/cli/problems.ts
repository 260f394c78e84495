/** Two ways a command ends early: the input is wrong (diagnostics), or the command line is (a sentence). */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";

export class Problems extends Error {
  override readonly name = "Problems";
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];

  constructor(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[] = []) {
    super(diagnostics[0]?.message ?? "the input is wrong");
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}
