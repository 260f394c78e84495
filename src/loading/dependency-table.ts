/**
 * A table of plain dependencies as columns. Names are numbered as they appear, after those of the services; all other
 * cells of a row together are its form, and what a form means is worked out once, by the code that reads small tables.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import type { Dependency } from "../model/dependency.js";
import type { DependencyColumns } from "../model/dependency-columns.js";
import { dependencyRow, type DependencyRow } from "../model/file-schema.js";
import { joinRows } from "./dependency-rows.js";
import { FormTable } from "./form-table.js";
import { Growing } from "./growing.js";
import { NameBatch } from "./name-batch.js";
import type { NameTable } from "./name-table.js";
import { placeInLine, streamCsv, type CsvStream } from "./syntax/csv-stream.js";
import type { PlainLine } from "./syntax/plain-line.js";
import { expectedLines } from "./syntax/source-bytes.js";
import { hasMore, ownCopy, readHeader, readRow, type Column, type TableReader } from "./table-cells.js";

/** What is known of a table before the names are texts. */
export interface ReadDependencies {
  /** @param names those of the table it was made with, by number */
  readonly columns: (names: readonly string[]) => DependencyColumns;
}

/**
 * Undefined when a row is not plain.
 * @param names gets those that are new
 */
export function readDependencyTable(
  file: SourceFile,
  names: NameTable,
  diagnostics: Diagnostic[],
  onProgress: (share: number) => void,
): ReadDependencies | undefined {
  const stream = streamCsv(file);
  const found: Diagnostic[] = [];
  let table: Table | undefined;
  const row = (cells: string[], index: number): boolean => {
    if (index > 0) return table!.add(cells);
    const locate = (column: number): Location => stream.locate(0, column, cells);
    const reader = readHeader({ cells, locate }, dependencyRow.shape, ["from", "to"], found);
    if (reader !== undefined) table = new Table(reader, stream, file, names, found);
    return table !== undefined;
  };
  const line = (line: PlainLine): boolean => table!.addLine(line);
  const pause = (): boolean => table?.pause() ?? true;
  const isPlain = stream.read({ row, line, pause }, onProgress);
  if (!isPlain || table === undefined) return undefined;
  for (const problem of found) diagnostics.push(problem);
  return table.done();
}

/** Forms above this many are no longer few: rows that each say something of their own are better off as objects. */
const MOST_FORMS = 100_000;

interface FormColumn {
  readonly column: Column;
  readonly numbers: Map<string, number>;
  /** By form of the columns before and number of the cell. */
  readonly next: (number[] | undefined)[];
}

class Table {
  private readonly consumer: Growing;
  private readonly provider: Growing;
  private readonly form: Growing;
  private readonly forms: Dependency[] = [];
  private readonly cellsOf: (readonly string[])[] = [];
  private readonly fromIndex: number;
  private readonly toIndex: number;
  private readonly others: readonly FormColumn[];
  /** Forms by what a line says besides its names. */
  private readonly known: FormTable;
  private readonly batch: NameBatch;
  /** Place in the batch of the consumer of the line before, which is most often the next one's too; -1 for none. */
  private lastConsumer = -1;

  constructor(
    private readonly reader: TableReader,
    private readonly stream: CsvStream,
    private readonly file: SourceFile,
    private readonly names: NameTable,
    private readonly diagnostics: Diagnostic[],
  ) {
    this.batch = new NameBatch(names);
    const expected = expectedLines(file);
    this.consumer = new Growing(expected);
    this.provider = new Growing(expected);
    this.form = new Growing(expected);
    this.fromIndex = reader.indexOf.get("from")!;
    this.toIndex = reader.indexOf.get("to")!;
    this.known = new FormTable(this.fromIndex, this.toIndex, MOST_FORMS);
    this.others = reader.columns
      .filter(({ key }) => key !== "from" && key !== "to")
      .map((column) => ({ column, numbers: new Map([["", 0]]), next: [] }));
  }

  /** False when the row is not plain, or one before it was not. Until `pause` names stand in the columns by their place in the batch. */
  addLine(line: PlainLine): boolean {
    const { fromIndex, toIndex, batch } = this;
    if (line.isEmpty(fromIndex) || line.isEmpty(toIndex)) return false;
    if (batch.isFull && !this.pause()) return false;
    if (this.lastConsumer === -1 || !batch.is(this.lastConsumer, line, fromIndex)) {
      this.lastConsumer = batch.add(line, fromIndex);
    }
    const known = this.known.find(line);
    return this.addRow(this.lastConsumer, batch.add(line, toIndex), known === -1 ? this.formOfLine(line) : known);
  }

  /** Looks up the names of the lines so far. False when one of them is not plain. */
  pause(): boolean {
    const { batch, consumer, provider } = this;
    batch.lookUp();
    this.lastConsumer = -1;
    let isPlain = true;
    for (let row = this.numbered; row < consumer.length; row++) {
      isPlain &&= consumer.replace(row, batch.numbers) !== -1 && provider.replace(row, batch.numbers) !== -1;
    }
    this.numbered = consumer.length;
    return isPlain;
  }

  /** Rows whose names have numbers. */
  private numbered = 0;

  /** The same for a row that stands in texts. */
  add(cells: readonly string[]): boolean {
    const from = cells[this.fromIndex] ?? "";
    const to = cells[this.toIndex] ?? "";
    if (from === "" || to === "") return false;
    const consumer = this.names.numberOfText(from);
    const isTaken = this.addRow(consumer, this.names.numberOfText(to), this.formOf(cells));
    this.numbered = this.consumer.length;
    return isTaken;
  }

  private formOfLine(line: PlainLine): number {
    const before = this.diagnostics.length;
    const form = this.formOf(line.cells());
    if (this.diagnostics.length === before) this.known.remember(line, form);
    return form;
  }

  private addRow(consumer: number, provider: number, form: number): boolean {
    if (consumer === -1 || provider === -1 || form === -1) return false;
    this.consumer.push(consumer);
    this.provider.push(provider);
    this.form.push(form);
    return true;
  }

  done(): ReadDependencies {
    const consumer = this.consumer.done();
    const provider = this.provider.done();
    const form = this.form.done();
    const { forms, cellsOf, fromIndex, toIndex } = this;
    const locate = this.locator();
    const columns = (names: readonly string[]): DependencyColumns => {
      const cellsAgain = (row: number): readonly string[] => {
        const cells = [...cellsOf[form[row]!]!];
        cells[fromIndex] = names[consumer[row]!]!;
        cells[toIndex] = names[provider[row]!]!;
        return cells;
      };
      return {
        count: consumer.length,
        names,
        consumer,
        provider,
        form,
        forms,
        place: (row, end) => locate(row + 1, end === "provider" ? toIndex : fromIndex, () => cellsAgain(row)),
      };
    };
    return { columns };
  }

  /** -1 where a row is not plain. What cannot be read is reported and left out, row by row. */
  private formOf(cells: readonly string[]): number {
    const form = this.findForm(cells);
    if (form !== -1 && (this.unsound.has(form) || hasMore(cells, this.reader.width)))
      this.build(cells, this.diagnostics);
    return form;
  }

  /** Forms of rows with a cell that cannot be read. */
  private readonly unsound = new Set<number>();

  private findForm(cells: readonly string[]): number {
    let before = 0;
    let list: number[] | undefined;
    let at = 0;
    for (let i = 0; i < this.others.length; i++) {
      const { column, numbers, next } = this.others[i]!;
      const cell = cells[column.index] ?? "";
      let number = numbers.get(cell);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(cell, number);
      }
      list = next[before] ??= [];
      at = number;
      const known = list[number];
      if (known === undefined) {
        if (i === this.others.length - 1) break;
        list[number] = this.stepCount++;
      }
      before = list[number]!;
    }
    if (list === undefined) return this.forms.length > 0 ? 0 : this.addForm(cells);
    return (list[at] ??= this.addForm(cells));
  }

  /** Numbers for what the first columns of a row say together. */
  private stepCount = 1;

  private addForm(cells: readonly string[]): number {
    if (this.forms.length >= MOST_FORMS || this.stepCount > MOST_FORMS) return -1;
    const problems: Diagnostic[] = [];
    const dependency = this.build(cells.slice(0, this.reader.width), problems);
    if (dependency === undefined) return -1;
    if (problems.length > 0) this.unsound.add(this.forms.length);
    this.cellsOf.push(cells.map(ownCopy));
    return this.forms.push(dependency) - 1;
  }

  /** The next row's dependency, as a small table would have it; undefined for one that is not plain. */
  private build(cells: readonly string[], diagnostics: Diagnostic[]): Dependency | undefined {
    const line = this.form.length + 1;
    const locate = (column: number): Location => this.stream.locate(line, column, cells);
    const row = readRow(this.reader, { cells, locate }, diagnostics) as DependencyRow;
    if (row.group !== undefined || row.id !== undefined) return undefined;
    return joinRows([{ row, place: (key) => locate(this.reader.indexOf.get(key) ?? 0) }], diagnostics)[0];
  }

  /** Places from the cells alone where the whole file is plain and the cells before the names are known. */
  private locator(): (row: number, column: number, cells: () => readonly string[]) => Location {
    const { stream, file, reader } = this;
    const known = new Set(reader.columns.map(({ index }) => index));
    let isKnown = stream.isPlain();
    for (let index = 0; index < Math.max(this.fromIndex, this.toIndex); index++) isKnown &&= known.has(index);
    return isKnown
      ? (row, column, cells) => placeInLine(file.name, row, column, cells())
      : (row, column) => stream.find(row, column);
  }
}
