/** Short forms of what an importer read, for assertions a person can read. */
import type { SourceFile } from "../../src/diagnostics/source-file.js";
import type { Format } from "../../src/loading/format.js";
import type { GraphDocument } from "../../src/model/graph-document.js";

/** Reads the named files of a set; the others can only be reached as siblings. */
export function readWith(
  format: Format,
  files: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(files),
): GraphDocument {
  const source = (name: string): SourceFile | undefined =>
    Object.hasOwn(files, name) ? { name, text: files[name]! } : undefined;
  return format.read(
    names.map((name) => source(name)!),
    { sibling: source },
  );
}

/** `a>b: evidence (note) x0.5` for each dependency, `2 of 3` for groups. */
export function needsOf({ dependencies }: GraphDocument): string[] {
  return dependencies.map(({ id, gate, members, origin }) => {
    const { note, weight } = members[0]!;
    const how = origin.how === "inferred" ? origin.evidence : origin.how;
    const group = gate.kind === "at-least" ? ` ${gate.need} of ${members.length}` : "";
    return `${id}${group}: ${how}${note === undefined ? "" : ` (${note})`}${weight === 1 ? "" : ` x${weight}`}`;
  });
}

export function idsOf({ services }: GraphDocument): string[] {
  return services.map(({ id }) => id);
}

export function noteOf({ services }: GraphDocument, id: string): string | undefined {
  return services.find((service) => service.id === id)?.note;
}

/** Errors and warnings as `file:line:column severity CODE`. */
export function problemsOf({ diagnostics }: GraphDocument): string[] {
  return diagnostics
    .filter(({ severity }) => severity !== "note")
    .map(
      ({ code, severity, location }) => `${location?.file}:${location?.line}:${location?.column} ${severity} ${code}`,
    );
}

/** The messages of notes. */
export function notesOf({ diagnostics }: GraphDocument): string[] {
  return diagnostics.filter(({ severity }) => severity === "note").map(({ message }) => message);
}
