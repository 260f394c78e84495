/**
 * Static Galileo fault trees: and, or, k of n over basic events, and functional dependencies, which are
 * plain dependencies. Gates in which order matters (pand, por, seq, spares) are refused: without the
 * order any figure would be another tree's.
 */
import type { DiagnosticCode } from "../../diagnostics/codes.js";
import type { Severity } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import type { Location } from "../../diagnostics/location.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { erlang, exponential, lognormal, weibull } from "../../model/failure-distributions.js";
import { FaultTreeDraft } from "./fault-tree-draft.js";
import { shareDone } from "../share-done.js";

/** The format has no mission time; its tools are asked for one, and 1 is what their examples use. */
const MISSION_TIME = 1;

export const galileo: Format = {
  id: "galileo",
  title: "Galileo fault tree (static part)",
  direction: "A gate is the consumer of its inputs: it fails when enough of them fail.",
  mapping: [
    ["toplevel", "the service of kind top-event"],
    ["or", "a dependency on each input"],
    ["and", "one dependency that any one working input keeps up"],
    ["2of3, vot2", "one dependency that needs all but one of three"],
    ["fdep", "each dependent needs the trigger"],
    ["prob=", "failure_probability"],
    ["lambda=, phases=; mean=, stddev=; rate=, shape=", `failure_probability at time ${MISSION_TIME}`],
    ["dorm=", "of no effect without spares"],
    ["pand, por, seq, mutex, pdep, spare, csp, wsp, hsp", "refused: NOT_REPRESENTABLE"],
  ],
  unknown: ["the mission time; when and for how long something fails"],
  detect: (file) => {
    const start = withoutComments(file.text.slice(0, 16_384));
    return /^\s*(?:param\s+[^;]*;\s*)*toplevel\s+(?:"[^"]*"|[^\s;"]+)\s*;/.test(start) ? 1 : 0;
  },
  together: "file",
  read: readGalileo,
};

const ORDERED = new Set([
  "pand",
  "por",
  "pandi",
  "porex",
  "seq",
  "seqe",
  "mutex",
  "pdep",
  "spare",
  "csp",
  "wsp",
  "hsp",
  "smp",
]);
const MOST_DIAGNOSTICS = 200;

function readGalileo(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const progress = shareDone(files, context);
  const readers = files.map((source) => {
    const reader = new GalileoReader(source, (offset) => progress(source, offset));
    return reader.read();
  });
  return readers[0] ?? new FaultTreeDraft(galileo.id, files).finish();
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

class GalileoReader {
  private readonly tree: FaultTreeDraft;
  private readonly top: Word[] = [];
  private readonly used = new Map<string, Word>();
  /** NaN for those that are only declared. */
  private readonly parameters = new Map<string, number>();
  private readonly defined = new Map<string, Word>();

  constructor(
    private readonly source: SourceFile,
    private readonly onOffset: (offset: number) => void,
  ) {
    this.tree = new FaultTreeDraft(galileo.id, [source]);
  }

  read(): GraphDocument {
    for (const statement of this.statements()) this.statement(statement);
    for (const [name, word] of this.used) {
      if (this.defined.has(name)) continue;
      const suggestion = didYouMean(name, this.defined.keys());
      this.say("SERVICE_UNKNOWN", "error", `"${name}" is used but not defined.`, word, suggestion);
    }
    if (this.top.length !== 1) {
      const [, second] = this.top;
      const message = second === undefined ? "The file names no toplevel." : "The file names more than one toplevel.";
      this.say(second === undefined ? "KEY_MISSING" : "CONFLICT", "error", message, second);
    }
    return this.tree.finish(this.top.map(({ text }) => text));
  }

  private statement(words: readonly Word[]): void {
    const [first, second] = words;
    if (first === undefined) return;
    this.onOffset(first.start);
    if (!first.quoted && first.text === "toplevel" && second !== undefined) {
      this.top.push(second);
      this.used.set(second.text, second);
      return;
    }
    if (!first.quoted && first.text === "param" && second !== undefined) {
      const [parameter = "", value = ""] = second.text.split("=");
      this.parameters.set(parameter, value === "" ? Number.NaN : Number(value));
      return;
    }
    if (second === undefined) {
      this.say("SYNTAX", "error", "A statement needs a name and what it is.", first);
      return;
    }
    const before = this.defined.get(first.text);
    if (before !== undefined) {
      this.say("DUPLICATE_SERVICE", "error", `"${first.text}" is defined twice.`, first);
      return;
    }
    this.defined.set(first.text, first);
    if (!second.quoted && /^(?!pdep=)[^=]+=/i.test(second.text)) this.basicEvent(first, words.slice(1));
    else this.gate(first, second, words.slice(2));
  }

  private gate(name: Word, type: Word, inputs: readonly Word[]): void {
    const location = this.placeOf(name);
    const names = inputs.map(({ text }) => text);
    for (const input of inputs) if (!this.used.has(input.text)) this.used.set(input.text, input);
    const kind = type.text.toLowerCase();
    const refuse = (code: DiagnosticCode, message: string, remedy?: string): void => {
      this.say(code, "error", message, type, remedy);
      this.tree.gate(name.text, { kind: "or", inputs: [] }, location);
    };
    const vote = /^(?:(\d+)of(\d+)|vot(\d+))$/.exec(kind);
    if (kind === "and" || kind === "or") this.tree.gate(name.text, { kind, inputs: names }, location);
    else if (vote !== null) {
      const need = Number(vote[1] ?? vote[3]);
      const of = Number(vote[2] ?? names.length);
      if (of !== names.length || need > of) {
        refuse("VALUE_RANGE", `${type.text} does not fit ${names.length} inputs.`);
      } else this.tree.gate(name.text, { kind: "atleast", need, inputs: names }, location);
    } else if (kind === "fdep") {
      const [trigger, ...dependents] = names;
      if (trigger !== undefined) this.tree.triggers.push({ trigger, dependents, location });
      // As an input of another gate it never fails.
      this.tree.houses.set(name.text, false);
    } else if (ORDERED.has(kind) || kind.startsWith("pdep=")) {
      refuse(
        "NOT_REPRESENTABLE",
        `"${name.text}" is a ${type.text}: there the order of failures matters, which this model cannot hold.`,
        "Replace it by static gates, and say in which direction that errs.",
      );
    } else refuse("SYNTAX", `"${type.text}" is not a kind of gate.`);
  }

  private basicEvent(name: Word, words: readonly Word[]): void {
    const values = new Map<string, Word>();
    for (const word of words) values.set(word.text.slice(0, word.text.indexOf("=")).toLowerCase(), word);
    const number = (key: string): number | undefined => {
      const word = values.get(key);
      if (word === undefined) return undefined;
      const written = word.text.slice(word.text.indexOf("=") + 1);
      const value = written === "" ? Number.NaN : Number(written);
      if (Number.isFinite(value)) return value;
      const given = this.parameters.get(written);
      if (given !== undefined && !Number.isNaN(given)) return given;
      if (given !== undefined) {
        const message = `${key} of "${name.text}" is the parameter ${written}, which has no value: its probability is left open.`;
        this.say("VARIABLE_UNSET", "warning", message, word);
      } else this.say("VALUE_TYPE", "error", `${key} of "${name.text}" is not a number.`, word);
      return Number.NaN;
    };
    const unread = [...values].filter(([key]) => !KNOWN.has(key));
    for (const [key, word] of unread) {
      const message = `${key} of "${name.text}" is not read, so its probability is left open.`;
      this.say("NOT_REPRESENTABLE", "warning", message, word);
    }
    const [probability, evidence] = this.probability(number, unread.length > 0);
    if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
      this.say(
        "VALUE_RANGE",
        "error",
        `The probability of "${name.text}" comes to ${probability}, outside 0 to 1.`,
        name,
      );
      return;
    }
    this.tree.events.set(name.text, { probability, evidence, location: this.placeOf(name) });
  }

  private probability(
    number: (key: string) => number | undefined,
    isOpen: boolean,
  ): [probability: number | undefined, evidence: string | undefined] {
    const values = ["prob", "lambda", "phases", "mean", "stddev", "rate", "shape"].map(number);
    if (isOpen || values.some((value) => Number.isNaN(value))) return [undefined, undefined];
    const [prob, lambda, phases, mean, stddev, rate, shape] = values;
    const at = `at time ${MISSION_TIME}`;
    if (lambda !== undefined) {
      if (phases !== undefined && phases > 1) return [erlang(lambda, phases, MISSION_TIME), `lambda, phases ${at}`];
      return [exponential(lambda, MISSION_TIME), `lambda ${at}`];
    }
    if (mean !== undefined && stddev !== undefined) return [lognormal(mean, stddev, MISSION_TIME), `lognormal ${at}`];
    if (rate !== undefined && shape !== undefined) return [weibull(1 / rate, shape, 0, MISSION_TIME), `Weibull ${at}`];
    return [prob, undefined];
  }

  /** Words of each statement, up to its semicolon. */
  private *statements(): Generator<readonly Word[]> {
    const text = withoutComments(this.source.text);
    const word = /"([^"\n]*)"|;|[^\s;"]+/g;
    let words: Word[] = [];
    for (let match = word.exec(text); match !== null; match = word.exec(text)) {
      if (match[0] === ";") {
        yield words;
        words = [];
        continue;
      }
      const quoted = match[1] !== undefined;
      words.push({ text: match[1] ?? match[0], quoted, start: match.index, end: match.index + match[0].length });
    }
    if (words.length > 0) {
      this.say("SYNTAX", "error", "The last statement has no semicolon.", words[0]);
      yield words;
    }
  }

  private placeOf({ start, end }: Word): Location {
    return locate(this.source, start, end - start);
  }

  private say(code: DiagnosticCode, severity: Severity, message: string, word?: Word, remedy?: string): void {
    if (this.tree.draft.diagnostics.length >= MOST_DIAGNOSTICS) return;
    const location = word === undefined ? { file: this.source.name, line: 1, column: 1 } : this.placeOf(word);
    this.tree.draft.say(code, severity, message, { location, ...(remedy === undefined ? {} : { remedy }) });
  }
}

const KNOWN = new Set(["prob", "lambda", "phases", "mean", "stddev", "rate", "shape", "dorm"]);

/** Comments become blanks, so that places stay where they are. */
function withoutComments(text: string): string {
  return text.replace(/"[^"\n]*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, " "),
  );
}
