/**
 * Files to one document: find each file's format by its content (or take the one that is asked for), read what
 * belongs together in one go, merge. Never throws on bad input; problems are in the document's diagnostics.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { didYouMean } from "../diagnostics/suggest.js";
import { emptyDocument, type GraphDocument } from "../model/graph-document.js";
import { applyDefaults } from "./defaults.js";
import type { Format, ReadContext } from "./format.js";
import { formats } from "./formats.js";
import { mergeDocuments } from "./merge-documents.js";
import { firstPiece } from "./syntax/source-bytes.js";

export interface ReadOptions {
  /** Id of the format to read every file as; found by content when absent. */
  readonly from?: string;
  readonly onProgress?: (share: number) => void;
  /** Files beside the given ones that a file may refer to; only the given ones when absent. */
  readonly sibling?: (path: string) => SourceFile | undefined;
  /** The table of defaults by kind of service; nothing is filled in when absent. */
  readonly defaults?: SourceFile;
  /** Files that were found in a folder rather than named: those of no known format are passed over. */
  readonly isFound?: (file: SourceFile) => boolean;
}

export function readDocument(files: readonly SourceFile[], options: ReadOptions = {}): GraphDocument {
  const diagnostics: Diagnostic[] = [];
  const batches = batch(files, options, diagnostics);
  const byName = new Map(files.map((file) => [file.name, file]));
  const documents = batches.map(({ format, files: together }, index) => {
    const context: ReadContext = {
      sibling: (path) => byName.get(path) ?? options.sibling?.(path),
      ...(options.onProgress === undefined ? {} : { onProgress: stepOf(options.onProgress, index, batches.length) }),
    };
    return format.read(together, context);
  });
  if (documents.length === 0 && diagnostics.length === 0 && files.length > 0) diagnostics.push(noneRecognised(files));
  const merged =
    documents.length === 0
      ? emptyDocument(
          "",
          files.map(({ name }) => name),
        )
      : mergeDocuments(documents);
  const filled = options.defaults === undefined ? merged : applyDefaults(merged, options.defaults);
  return { ...filled, diagnostics: [...diagnostics, ...filled.diagnostics] };
}

function stepOf(onProgress: (share: number) => void, index: number, count: number): (share: number) => void {
  return (share) => onProgress((index + share) / count);
}

function noneRecognised(files: readonly SourceFile[]): Diagnostic {
  return {
    code: "UNKNOWN_FORMAT",
    severity: "error",
    message: `None of the ${files.length} files found is of a format that topple reads.`,
    remedy: `Tried ${formats.map(({ id }) => id).join(", ")}. Name a file, or the format with --from.`,
  };
}

interface Batch {
  readonly format: Format;
  readonly files: SourceFile[];
}

/** Files that are read by one call, in the order of their first files. */
function batch(files: readonly SourceFile[], options: ReadOptions, diagnostics: Diagnostic[]): Batch[] {
  const asked = options.from === undefined ? undefined : formats.find(({ id }) => id === options.from);
  if (options.from !== undefined && asked === undefined) {
    const ids = formats.map(({ id }) => id);
    diagnostics.push({
      code: "UNKNOWN_FORMAT",
      severity: "error",
      message: `"${options.from}" is not a format topple reads.`,
      remedy: didYouMean(options.from, ids) ?? `Known are ${ids.join(", ")}.`,
    });
    return [];
  }
  const batches = new Map<string, Batch>();
  for (const file of files) {
    const format = asked ?? detectFormat(file, options, diagnostics);
    if (format === undefined) continue;
    const key = `${format.id}\u0000${togetherKey(format, file)}`;
    const known = batches.get(key);
    if (known === undefined) batches.set(key, { format, files: [file] });
    else known.files.push(file);
  }
  return [...batches.values()];
}

function togetherKey({ together = "all" }: Format, file: SourceFile): string {
  if (together === "all") return "";
  return together === "file" ? file.name : file.name.slice(0, Math.max(0, file.name.lastIndexOf("/")));
}

/** A file that nobody named is only taken for what it clearly is. */
const SURE_ENOUGH = 0.5;

function detectFormat(file: SourceFile, options: ReadOptions, diagnostics: Diagnostic[]): Format | undefined {
  // Of a file that is not held, its first piece tells what it is.
  const sample = file.size === undefined ? file : { name: file.name, text: firstPiece(file) };
  const ranked = formats
    .map((format) => ({ format, sure: format.detect(sample) }))
    .filter(({ sure }) => sure > 0)
    .sort((a, b) => b.sure - a.sure);
  const [best, second] = ranked;
  const location = { file: file.name, line: 1, column: 1 };
  const isFound = options.isFound?.(file) === true;
  if (isFound && (best === undefined || best.sure < SURE_ENOUGH)) return undefined;
  if (best === undefined) {
    diagnostics.push({
      code: file.text.trim() === "" ? "EMPTY_INPUT" : "UNKNOWN_FORMAT",
      severity: "error",
      message: file.text.trim() === "" ? "The file is empty." : "No reader recognises this file.",
      location,
      remedy: `Tried ${formats.map(({ id }) => id).join(", ")}. Name the format with --from, or see \`topple formats\`.`,
    });
    return undefined;
  }
  if (second !== undefined && second.sure === best.sure) {
    const names = ranked.filter(({ sure }) => sure === best.sure).map(({ format }) => format.id);
    diagnostics.push({
      code: "AMBIGUOUS_FORMAT",
      severity: "warning",
      message: `This file could be ${names.join(" or ")}; it is read as ${best.format.id}.`,
      location,
      remedy: `Name the format with --from ${names[1]}, if that is what it is.`,
    });
  }
  return best.format;
}
