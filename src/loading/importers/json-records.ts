/**
 * Lists of records inside a JSON document, one record at a time with its place, so that a list of a million
 * needs no tree. A record's inner places are found again only when there is something to say about them.
 */
import type { Location } from "../../diagnostics/location.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import { offsetWithin, type JsonCursor } from "../syntax/json-cursor.js";
import type { Place } from "./call-graph.js";
import { asObject, type PlainObject } from "./plain-values.js";

/** A record of some file: what it says, and where. */
export interface PlacedRecord {
  readonly value: PlainObject;
  readonly place: Place;
  /** Place of the value under a path; of the record when there is none. */
  readonly locate: (...path: string[]) => Location;
}

export function placedRecord(source: SourceFile, value: PlainObject, offset: number): PlacedRecord {
  return {
    value,
    place: { source, offset },
    locate: (...path) => locate(source, offsetWithin(source.text, offset, path)),
  };
}

/** Hands out the records of the list that stands at the cursor; what is no object goes to `refuse`. */
export function eachRecord(
  cursor: JsonCursor,
  source: SourceFile,
  use: (record: PlacedRecord) => void,
  refuse: (place: Place) => void,
): void {
  for (const offset of cursor.elements()) {
    const value = asObject(cursor.value());
    if (value === undefined) refuse({ source, offset });
    else use(placedRecord(source, value, offset));
  }
}
