/**
 * services.csv of a large graph, line by line, as columns. Most lines say, after the id, what a line before them said:
 * then the service is that line's with an id and a place of its own.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Location } from "../diagnostics/location.js";
import type { SourceFile } from "../diagnostics/source-file.js";
import { serviceRow } from "../model/file-schema.js";
import type { ServiceColumns } from "../model/service-columns.js";
import type { Service } from "../model/service.js";
import { FormTable } from "./form-table.js";
import { Growing, GrowingRun } from "./growing.js";
import { NameBatch } from "./name-batch.js";
import type { NameTable } from "./name-table.js";
import { readService } from "./service-rows.js";
import { placeInLine, streamCsv, type CsvStream } from "./syntax/csv-stream.js";
import type { PlainLine } from "./syntax/plain-line.js";
import { readHeader, type TableReader } from "./table-cells.js";

/** Different lines that are remembered. */
const MOST_KNOWN = 100_000;

/** Where the services of a file begin, and where a row of it is that names one. */
interface Part {
  readonly first: number;
  readonly place: (row: number, id: () => string) => Location;
}

export class ServiceTables {
  private readonly number: GrowingRun;
  private readonly form: Growing;
  private readonly forms: Service[] = [];
  private readonly firstRow: number[] = [];
  /** Row in its file of each service. */
  private readonly row: GrowingRun;
  private readonly parts: Part[] = [];

  /**
   * @param names the ids get the first numbers of it
   * @param expected about how many services there will be
   */
  constructor(
    private readonly names: NameTable,
    private readonly diagnostics: Diagnostic[],
    expected: number,
  ) {
    this.number = new GrowingRun(0, expected);
    this.form = new Growing(expected);
    this.row = new GrowingRun(1, expected);
  }

  /** Adds the services of a file. False when it is no sound CSV, or an id takes more care. */
  read(file: SourceFile, onProgress: (share: number) => void): boolean {
    const stream = streamCsv(file);
    const { diagnostics, names } = this;
    let reader: TableReader | undefined;
    let known: FormTable | undefined;
    const first = this.form.length;
    /** Undefined when the row names none. */
    const readForm = (cells: readonly string[], index: number): Service | undefined => {
      const row = { cells, locate: (column: number) => stream.locate(index, column, cells) };
      if (index === 0) {
        reader = readHeader(row, serviceRow.shape, ["id"], diagnostics);
        if (reader?.indexOf.get("id") === 0) known = new FormTable(0, -1, MOST_KNOWN);
      }
      return index === 0 || reader === undefined ? undefined : readService(reader, row, diagnostics);
    };
    const row = (cells: string[], index: number): boolean => {
      const service = readForm(cells, index);
      if (service === undefined) return true;
      this.add(this.addForm(service), index);
      return this.addNumber(names.numberOfText(service.id));
    };
    const batch = new NameBatch(names);
    const pause = (): boolean => {
      const { count } = batch;
      batch.lookUp();
      let isPlain = true;
      for (let i = 0; i < count; i++) isPlain = this.addNumber(batch.numbers[i]!) && isPlain;
      return isPlain;
    };
    const line = (line: PlainLine, index: number): boolean => {
      if (known === undefined || line.isEmpty(0) || line.bytes[line.starts[0]!] === APOSTROPHE) {
        return pause() && row(line.cells(), index);
      }
      if (batch.isFull && !pause()) return false;
      let form = known.find(line);
      if (form === -1) {
        const before = diagnostics.length;
        form = this.addForm(readForm(line.cells(), index)!);
        if (diagnostics.length === before) known.remember(line, form);
      }
      batch.add(line, 0);
      this.add(form, index);
      return true;
    };
    if (!stream.read({ row, line, pause }, onProgress)) return false;
    this.parts.push({ first, place: placer(file, stream) });
    return true;
  }

  private addForm(service: Service): number {
    this.firstRow.push(this.form.length);
    return this.forms.push(service) - 1;
  }

  private add(form: number, row: number): void {
    this.form.push(form);
    this.row.push(row);
  }

  private addNumber(number: number): boolean {
    this.number.push(number);
    return number !== -1;
  }

  /** @param names those of the table it was made with, by number */
  columns(names: readonly string[], distinct: number): ServiceColumns {
    const number = this.number.done();
    const row = this.row.done();
    // Not `this`: it holds more than is kept.
    const { forms, firstRow, parts } = this;
    const ids = number === undefined ? names.slice(0, distinct) : Array.from(number, (name) => names[name]!);
    return {
      ids,
      distinct,
      form: this.form.done(),
      forms,
      firstRow,
      place: (service) => {
        const part = parts.findLast(({ first }) => first <= service)!;
        return part.place(row === undefined ? service + 1 : row[service]!, () => ids[service]!);
      },
    };
  }
}

const APOSTROPHE = 0x27;

/** From the id alone where the whole file is plain. Only lines whose id comes first ask. */
function placer(file: SourceFile, stream: CsvStream): Part["place"] {
  return stream.isPlain() ? (row, id) => placeInLine(file.name, row, 0, [id()]) : (row) => stream.find(row, 0);
}
