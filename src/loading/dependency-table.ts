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
import { placeInLine, streamCsv, type CsvStream } from "./syntax/csv-stream.js";
import { hasMore, ownCopy, readHeader, readRow, unguarded, type Column, type TableReader } from "./table-cells.js";

/** Undefined when a row is not plain. */
export function readDependencyColumns(
  file: SourceFile,
  ids: readonly string[],
  diagnostics: Diagnostic[],
  onProgress: (share: number) => void,
): DependencyColumns | undefined {
  const stream = streamCsv(file);
  const found: Diagnostic[] = [];
  let table: Table | undefined;
  const row = (cells: string[], index: number): boolean => {
    if (index > 0) return table!.add(cells);
    const locate = (column: number): Location => stream.locate(0, column, cells);
    const reader = readHeader({ cells, locate }, dependencyRow.shape, ["from", "to"], found);
    if (reader === undefined) return false;
    table = new Table(reader, stream, file, found);
    return table.seed(ids);
  };
  const line = (text: string, start: number, end: number): boolean => table!.addLine(text, start, end);
  const isPlain = stream.read({ row, line }, onProgress);
  if (!isPlain || table === undefined) return undefined;
  diagnostics.push(...found);
  return table.columns();
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
  private readonly names: string[] = [];
  private readonly numberOf = new Map<string, number>();
  private readonly consumer = new Growing();
  private readonly provider = new Growing();
  private readonly form = new Growing();
  private readonly forms: Dependency[] = [];
  private readonly cellsOf: (readonly string[])[] = [];
  private readonly fromIndex: number;
  private readonly toIndex: number;
  private readonly others: readonly FormColumn[];
  private lastFrom = "";
  private lastConsumer = -1;
  /** Forms by what a line says after its names. */
  private readonly formOfRest = new Map<string, number>();

  constructor(
    private readonly reader: TableReader,
    private readonly stream: CsvStream,
    private readonly file: SourceFile,
    private readonly diagnostics: Diagnostic[],
  ) {
    this.fromIndex = reader.indexOf.get("from")!;
    this.toIndex = reader.indexOf.get("to")!;
    this.others = reader.columns
      .filter(({ key }) => key !== "from" && key !== "to")
      .map((column) => ({ column, numbers: new Map([["", 0]]), next: [] }));
  }

  /** False when an id could be taken for that of a dependency. */
  seed(ids: readonly string[]): boolean {
    return ids.every((id) => this.numberOf.has(id) || this.number(id, id) !== -1);
  }

  /** The same for a line; where the names come first, the rest of it tells the form. */
  addLine(text: string, start: number, end: number): boolean {
    const { delimiter } = this.stream;
    const first = text.indexOf(delimiter, start);
    if (this.fromIndex !== 0 || this.toIndex !== 1 || first === -1 || first >= end) {
      return this.add(text.slice(start, end).split(delimiter));
    }
    const next = text.indexOf(delimiter, first + 1);
    const second = next === -1 || next > end ? end : next;
    const { lastFrom } = this;
    const isSame = first - start === lastFrom.length && text.startsWith(lastFrom, start);
    const from = isSame ? lastFrom : text.slice(start, first);
    const rest = text.slice(second, end);
    return this.addRow(
      from,
      text.slice(first + 1, second),
      this.formOfRest.get(rest) ?? this.formOfLine(text.slice(start, end), rest),
    );
  }

  /** False when the row is not plain. */
  add(cells: readonly string[]): boolean {
    return this.addRow(cells[this.fromIndex] ?? "", cells[this.toIndex] ?? "", this.formOf(cells));
  }

  private formOfLine(line: string, rest: string): number {
    const before = this.diagnostics.length;
    const form = this.formOf(line.split(this.stream.delimiter));
    const isSound = this.diagnostics.length === before;
    if (isSound && this.formOfRest.size < MOST_FORMS) this.formOfRest.set(ownCopy(rest), form);
    return form;
  }

  private addRow(from: string, to: string, form: number): boolean {
    if (from === "" || to === "") return false;
    if (from !== this.lastFrom) {
      this.lastConsumer = this.numberOf.get(from) ?? this.number(from);
      this.lastFrom = from;
    }
    const provider = this.numberOf.get(to) ?? this.number(to);
    if (this.lastConsumer === -1 || provider === -1 || form === -1) return false;
    this.consumer.push(this.lastConsumer);
    this.provider.push(provider);
    this.form.push(form);
    return true;
  }

  columns(): DependencyColumns {
    const consumer = this.consumer.done();
    const provider = this.provider.done();
    const form = this.form.done();
    // Not `this`: its map of names is as large as all that is kept.
    const { names, forms, cellsOf, fromIndex, toIndex } = this;
    const locate = this.locator();
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
  }

  /** -1 for a name that takes more care: with it, ids of two dependencies could be the same. */
  private number(name: string, own = ownCopy(name)): number {
    if (name.includes(">") || name.endsWith(":start") || unguarded(name) !== name) return -1;
    this.numberOf.set(own, this.names.length);
    return this.names.push(own) - 1;
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

class Growing {
  length = 0;
  private values = new Int32Array(1 << 16);

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  done(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
