/**
 * services.csv of a large graph, line by line. Most lines say, after the id, what a line before them said: then the
 * service is that line's with an id and a place of its own.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { serviceRow } from "../model/file-schema.js";
import { placedAll } from "../model/origin.js";
import type { Service } from "../model/service.js";
import { readService } from "./service-rows.js";
import { streamCsv } from "./syntax/csv-stream.js";
import { ownCopy, readHeader, type TableReader } from "./table-cells.js";

/** Different lines that are remembered. */
const MOST_KNOWN = 100_000;

/** Adds to both lists. False when the file is no sound CSV. */
export function readServiceLines(
  file: SourceFile,
  services: Service[],
  diagnostics: Diagnostic[],
  onProgress: (share: number) => void,
): boolean {
  const stream = streamCsv(file);
  const { delimiter } = stream;
  let reader: TableReader | undefined;
  const takeRow = (cells: string[], index: number): boolean => {
    const row = { cells, locate: (column: number) => stream.locate(index, column, cells) };
    if (index === 0) {
      reader = readHeader(row, serviceRow.shape, ["id"], diagnostics);
    } else if (reader !== undefined) {
      const service = readService(reader, row, diagnostics);
      if (service !== undefined) services.push(service);
    }
    return true;
  };
  const known = new Map<string, Service>();
  const takeLine = (text: string, start: number, end: number, index: number): boolean => {
    const next = text.indexOf(delimiter, start);
    const first = next === -1 || next > end ? end : next;
    const rest = text.slice(first, end);
    const isIdFirst = reader?.indexOf.get("id") === 0 && first > start;
    const like = isIdFirst ? known.get(rest) : undefined;
    if (like !== undefined) {
      const id = ownCopy(text.slice(start, first));
      services.push({ ...like, id, ...placedAll(like, stream.locate(index, 0, [id])) });
      return true;
    }
    const before = diagnostics.length;
    takeRow(text.slice(start, end).split(delimiter).map(ownCopy), index);
    const isSound = diagnostics.length === before && isIdFirst;
    if (isSound && known.size < MOST_KNOWN) known.set(ownCopy(rest), services.at(-1)!);
    return true;
  };
  return stream.read({ row: takeRow, line: takeLine }, onProgress);
}
