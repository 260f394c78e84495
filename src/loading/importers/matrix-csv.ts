/**
 * Adjacency matrices in CSV, as pandas writes them: names in the first row and the first column, and a number
 * other than 0 where there is an edge (the PetShop data set for finding root causes).
 */
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { parseCsv } from "../syntax/csv.js";
import { CallGraph } from "./call-graph.js";
import { rowPlaces } from "./edge-table.js";
import { shareDone } from "../share-done.js";

export const matrixCsv: Format = {
  id: "matrix",
  title: "Adjacency matrix (CSV)",
  direction: "A number other than 0 in row A and column B is read as: A calls B, so A needs B.",
  mapping: [
    ["names in the first row and the first column", "services"],
    ["a number other than 0 in row A, column B", "A needs B"],
    ["the size of the number", "not read"],
  ],
  unknown: [
    "whether rows call columns or columns call rows: the file does not say",
    "how often, what is redundant, and how long a service does without another",
  ],
  detect: (file) => (looksLikeMatrix(file.text.slice(0, 262_144)) ? 0.9 : 0),
  together: "file",
  read: readMatrix,
};

/** A cell is found by reading its row again; a row with more wrong ones is no row of a matrix. */
const MOST_WRONG = 20;

function readMatrix(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const graph = new CallGraph(matrixCsv.id, files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const table = parseCsv(source);
    for (const problem of table.diagnostics) graph.report(problem);
    const [header = [], ...rows] = table.rows;
    const places = rowPlaces(source, table.rows.length);
    for (const name of header.slice(1)) if (name !== "") graph.service(name, places(0));
    rows.forEach((row, index) => {
      const consumer = row[0] ?? "";
      const place = places(index + 1);
      if (consumer === "") {
        graph.report({
          code: "KEY_MISSING",
          severity: "error",
          message: "A row of the matrix has no name.",
          location: table.locate(index + 1, 0),
        });
        return;
      }
      graph.service(consumer, place);
      let wrong = 0;
      for (let column = 1; column < row.length && wrong < MOST_WRONG; column++) {
        const cell = row[column]!;
        if (cell === "" || cell === "0" || cell === "0.0") continue;
        const provider = header[column] ?? "";
        const number = Number(cell);
        if (number === 0) continue;
        if (Number.isNaN(number) || provider === "") {
          wrong++;
          graph.report({
            code: "VALUE_TYPE",
            severity: "error",
            message: provider === "" ? "A column of the matrix has no name." : "A cell of the matrix is not a number.",
            location: table.locate(index + 1, column),
          });
        } else graph.call(consumer, provider, place);
      }
      progress(source, (index / rows.length) * source.text.length);
    });
  }
  return graph.finish();
}

/** An empty corner, and a second line of a name the first line has too and numbers only, as many as there are names. */
function looksLikeMatrix(head: string): boolean {
  const [first, second] = head.replace(/^\ufeff/, "").split(/\r\n|\n|\r/, 2);
  if (first === undefined || second === undefined) return false;
  if (!/^(?:""|\s*)[,;\t]/.test(first)) return false;
  const cells = second.split(/[,;\t]/);
  const numbers = cells.slice(1).filter((cell) => /^\s*[\d.eE+-]*\s*$/.test(cell));
  return numbers.length >= 1 && numbers.length === cells.length - 1 && cells[0]!.trim() !== "";
}
