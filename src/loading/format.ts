/**
 * The contract of a format: how it is recognised and how it is read. A reader never touches a disk;
 * it is handed the files and, where the format refers to others, a function that looks them up
 * among the files of the same folder (never outside it, never by network).
 */
import type { SourceFile } from "../diagnostics/source-file.js";
import type { GraphDocument } from "../model/graph-document.js";

export interface ReadContext {
  /** Other files the user gave, and those of the given folders. Undefined when there is none of that name. */
  readonly sibling: (path: string) => SourceFile | undefined;
  /** Called now and then while reading large inputs, with a share 0..1 of the work done. */
  readonly onProgress?: (share: number) => void;
}

export interface Format {
  /** Short id, as in `--from compose`. */
  readonly id: string;
  /** What people call it, as in `topple formats`. */
  readonly title: string;
  /** Which way the format's arrows point, and what topple makes of them; one or two sentences. */
  readonly direction: string;
  /** What in the format becomes what in the model; the table of `topple formats <id>`. */
  readonly mapping: readonly (readonly [from: string, to: string])[];
  /** What the format cannot say, so that an answer on it must be read with care. */
  readonly unknown: readonly string[];
  /**
   * How sure the reader is, from the name and the first part of the text, that the file is its own:
   * 0 not at all, 1 certain. Must be cheap and must not throw.
   */
  readonly detect: (file: SourceFile) => number;
  /**
   * Which files are read by one call of `read`: all of this format (the default), those of one folder, or each
   * alone. What is read apart is merged afterwards, and what then disagrees is a conflict, not a duplicate.
   */
  readonly together?: "all" | "folder" | "file";
  /** Reads one or several files of this format. Never throws on bad input: problems are diagnostics. */
  readonly read: (files: readonly SourceFile[], context: ReadContext) => GraphDocument;
}
