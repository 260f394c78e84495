/**
 * The only way text from a file gets into an output: one function for each place it can land in.
 * Each takes any string at all and returns text that stays data there: no markup, no formula, no
 * directive, no end of string. Terminals have their own, `printable` in diagnostics/print-diagnostic.ts.
 */

/** Text content and quoted attribute values of HTML. Control characters become the replacement character. */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"'`]/g, (character) => HTML_ENTITIES[character]!);
}

/** Text content and quoted attribute values of XML 1.0. Characters XML cannot hold at all are dropped. */
export function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, "")
    .replace(/[&<>"'\t\n\r]/g, (character) => XML_ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}

/**
 * A quoted string of DOT, quotes included, for ids and for labels. Backslashes are doubled, so that
 * `\N`, `\G` and a backslash at the end have no meaning; line breaks become spaces (a label that is
 * nothing but a line break makes Graphviz 16 in WebAssembly write out of bounds).
 */
export function dotString(text: string): string {
  return `"${dotQuoted(text)}"`;
}

/** A DOT label of several lines, quotes included; each line is any text at all. */
export function dotLabel(lines: readonly string[]): string {
  return `"${lines.map((line) => (line === "" ? " " : dotQuoted(line))).join("\\n")}"`;
}

/**
 * The inside of a quoted Mermaid label, as in `N1["..."]`. Whatever is not plainly harmless is written
 * as a numeric entity; Mermaid shows it as the character. Line breaks become spaces.
 * Ids cannot be escaped in Mermaid: number them.
 */
export function mermaidLabel(text: string): string {
  const safe = withoutControls(text.replace(/\s+/g, " ")).replace(
    /[^\p{L}\p{M}\p{N} _.,:/()+*=!?~^@-]/gu,
    (character) => `#${character.codePointAt(0)!};`,
  );
  // Mermaid eats the last semicolon of a line that looks like a style statement.
  return safe.replace(/style|classDef/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`);
}

/**
 * One cell of a CSV file. A cell that a spreadsheet would run as a formula gets a `'` in front, which
 * spreadsheets hide; our own reader takes it off again, as `csvText` does, so nothing is lost on the way.
 * A cell that begins with `#` is quoted, or the row would be a comment to our reader.
 */
export function csvCell(text: string): string {
  const defused = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^[\s#]|\s$/.test(defused) ? `"${defused.replace(/"/g, '""')}"` : defused;
}

/** The inverse of the defusing in `csvCell`, for a cell whose quoting is already undone. */
export function csvText(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Inline text of CommonMark and GitHub's Markdown, also inside a table cell. Line breaks become spaces. */
export function markdownText(text: string): string {
  return withoutControls(text.replace(/\s+/g, " "))
    .replace(/[&<>]/g, (character) => HTML_ENTITIES[character]!)
    .replace(/[\\`*[\]|~$]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/^(\s*)([#+=-])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2")
    .replace(/:\/\//g, "\\://")
    .replace(/\b(www)\./gi, "$1\\.")
    .replace(/[@#](?=[\p{L}\p{N}])/gu, "\\$&");
}

/** JSON that can stand inside a `<script>` element: the same value, no `</script>`, no `<!--`. */
export function jsonForScript(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

const XML_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Whatever the Char production of XML 1.0 leaves out: controls, lone surrogates, U+FFFE and U+FFFF. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Controls, and the marks that reorder text on screen. Tab and line breaks stay. */
function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

function dotQuoted(text: string): string {
  return withoutControls(text.replace(/\s/g, " ")).replace(/[\\"]/g, "\\$&");
}
