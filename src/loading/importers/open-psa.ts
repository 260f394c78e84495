/**
 * Open-PSA model exchange format: fault trees of and, or and atleast over basic and house events.
 * Negation and order have no place in a model where more failures never help, so they are refused.
 * Event trees, common-cause groups and alignments are named where they stand and not read.
 */
import type { DiagnosticCode } from "../../diagnostics/codes.js";
import { didYouMean } from "../../diagnostics/suggest.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import type { Location } from "../../diagnostics/location.js";
import type { GraphDocument } from "../../model/graph-document.js";
import type { Format, ReadContext } from "../format.js";
import { parseXml, type XmlElement } from "../syntax/xml.js";
import { FaultTreeDraft, type FaultTreeFormula, type FaultTreeInput } from "./fault-tree-draft.js";
import { evaluate, NoValue, type Expressions } from "./open-psa-expressions.js";
import { append } from "../append.js";
import { shareDone } from "../share-done.js";

/** Hours of a year: what the format's tools take where the model gives no mission time. */
const MISSION_TIME = 8_760;

export const openPsa: Format = {
  id: "open-psa",
  title: "Open-PSA fault tree (XML)",
  direction: "A gate is the consumer of its inputs: it fails when its formula over them is true.",
  mapping: [
    ["define-gate", "service that cannot fail by itself (failure_probability 0)"],
    ["define-basic-event", "service with its failure_probability"],
    ["or", "a dependency on each input"],
    ["and", "one dependency that any one working input keeps up"],
    ["atleast min=k of n", "one dependency that needs n - k + 1 of the inputs"],
    ["formula within a formula", "a service of its own, part of the gate"],
    ["define-house-event, constant", "worked into the gates that use it"],
    ["expressions, parameters", `evaluated; mission time ${MISSION_TIME} hours, deviates by their mean`],
    ["not, xor, nand, nor, iff, imply, cardinality", "refused: NOT_COHERENT"],
    ["event trees, CCF groups, substitutions, alignments", "not read"],
  ],
  unknown: ["times: a fault tree says what fails together, not when or for how long"],
  detect: (file) => (/<(?:[\w.-]+:)?opsa-mef[\s>]/.test(file.text.slice(0, 8_192)) ? 1 : 0),
  read: readOpenPsa,
};

const COHERENT = new Set(["and", "or", "atleast"]);
const NOT_COHERENT = new Set(["not", "xor", "nand", "nor", "iff", "imply", "cardinality"]);
/** What changes the figures if it is left out, against what only stands beside the trees. */
const CHANGES_FIGURES = new Set(["define-CCF-group", "define-substitution", "include"]);
const STANDS_BESIDE = new Set([
  "define-event-tree",
  "define-initiating-event",
  "define-rule",
  "define-alignment",
  "define-extern-library",
  "define-extern-function",
]);
const MOST_DIAGNOSTICS = 200;

function readOpenPsa(files: readonly SourceFile[], context: ReadContext): GraphDocument {
  const reader = new OpenPsaReader(files);
  const progress = shareDone(files, context);
  for (const source of files) {
    const { root, diagnostics } = parseXml(source, (share) => progress(source, share * source.text.length));
    append(reader.tree.draft.diagnostics, diagnostics);
    if (root !== undefined) reader.collect(source, root);
  }
  return reader.finish();
}

/** A definition with the private scope it stands in: `""`, or `tree.component.`. */
interface Defined {
  readonly source: SourceFile;
  readonly element: XmlElement;
  readonly scope: string;
}

class OpenPsaReader {
  readonly tree: FaultTreeDraft;
  private readonly gates = new Map<string, Defined>();
  private readonly basics = new Map<string, Defined>();
  private readonly houses = new Map<string, Defined>();
  private readonly parameters = new Map<string, XmlElement>();

  constructor(files: readonly SourceFile[]) {
    this.tree = new FaultTreeDraft(openPsa.id, files);
  }

  collect(source: SourceFile, parent: XmlElement, scope = "", isPrivate = false): void {
    for (const element of parent.children) {
      const { local, attributes } = element;
      const role = attributes["role"];
      const hidden = role === undefined ? isPrivate : role === "private";
      switch (local) {
        case "define-fault-tree":
        case "define-component":
          this.collect(source, element, `${scope}${attributes["name"] ?? ""}.`, hidden);
          break;
        case "model-data":
          this.collect(source, element, scope, isPrivate);
          break;
        case "define-gate":
          this.define(this.gates, { source, element, scope }, hidden);
          break;
        case "define-basic-event":
          this.define(this.basics, { source, element, scope }, hidden);
          break;
        case "define-house-event":
          this.define(this.houses, { source, element, scope }, hidden);
          break;
        case "define-parameter": {
          const value = valueOf(element);
          if (value !== undefined) this.parameters.set((hidden ? scope : "") + (attributes["name"] ?? ""), value);
          break;
        }
        default:
          if (CHANGES_FIGURES.has(local)) {
            this.say(
              "NOT_REPRESENTABLE",
              `<${local}> is not read, so figures would not be the model's.`,
              source,
              element,
            );
          } else if (STANDS_BESIDE.has(local)) this.passOver(source, element);
      }
    }
  }

  finish(): GraphDocument {
    const { tree } = this;
    const known: Expressions = { missionTime: MISSION_TIME, parameters: this.parameters };
    for (const [name, defined] of this.houses) {
      const constant = defined.element.children.find(({ local }) => local === "constant");
      tree.houses.set(name, constant?.attributes["value"] === "true");
    }
    for (const [name, defined] of this.basics) this.basicEvent(name, defined, known);
    for (const [name, defined] of this.gates) {
      const element = defined.element.children.find(({ local }) => local !== "label" && local !== "attributes");
      if (element === undefined) {
        this.say("KEY_MISSING", `The gate "${name}" has no formula.`, defined.source, defined.element);
        continue;
      }
      const input = this.input(element, defined);
      const formula: FaultTreeFormula =
        typeof input === "object" ? input : { kind: "or", inputs: input === undefined ? [] : [input] };
      tree.gate(name, formula, placeOf(defined.source, defined.element), labelOf(defined.element));
    }
    if (this.gates.size === 0) {
      tree.draft.say("NO_DEPENDENCIES", "warning", "No gate is defined: nothing can be said about what fails.", {
        remedy: "Give the file with the fault tree together with this one.",
      });
    }
    return tree.finish();
  }

  private define(known: Map<string, Defined>, defined: Defined, hidden: boolean): void {
    const { source, element, scope } = defined;
    const own = element.attributes["name"];
    if (own === undefined) {
      this.say("KEY_MISSING", `<${element.local}> has no name.`, source, element);
      return;
    }
    const name = hidden ? scope + own : own;
    if (this.gates.has(name) || this.basics.has(name) || this.houses.has(name)) {
      this.say("DUPLICATE_SERVICE", `"${name}" is defined twice.`, source, element);
    } else known.set(name, defined);
  }

  private basicEvent(name: string, { source, element }: Defined, known: Expressions): void {
    const expression = valueOf(element);
    const location = placeOf(source, element);
    const label = labelOf(element);
    if (expression === undefined) {
      this.tree.events.set(name, { label, probability: undefined, location });
      return;
    }
    const plain = expression.local === "float";
    let probability: number | undefined;
    try {
      probability = evaluate(expression, known);
      if (!(probability >= 0 && probability <= 1)) {
        this.say(
          "VALUE_RANGE",
          `The probability of "${name}" comes to ${probability}, outside 0 to 1.`,
          source,
          element,
        );
        probability = undefined;
      }
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      this.tree.draft.say(
        "NOT_REPRESENTABLE",
        "warning",
        `The probability of "${name}" is left open: topple does not evaluate ${error.message}.`,
        { location },
      );
    }
    const evidence = plain ? undefined : `<${expression.local}> at ${known.missionTime} hours`;
    this.tree.events.set(name, { label, probability, evidence, location });
  }

  /** Undefined where something is wrong, which has then been said. */
  private input(element: XmlElement, defined: Defined): FaultTreeInput | undefined {
    const { local, attributes } = element;
    const { source } = defined;
    if (local === "constant") return attributes["value"] === "true";
    if (local === "gate" || local === "basic-event" || local === "house-event" || local === "event") {
      return this.reference(element, defined);
    }
    if (NOT_COHERENT.has(local)) {
      this.say(
        "NOT_COHERENT",
        `<${local}> is not coherent: with it, more failures can mean that less fails, and there are no minimal cut sets.`,
        source,
        element,
        "Rewrite the tree without negation, for instance by leaving out what success of another event excludes.",
      );
      return undefined;
    }
    if (!COHERENT.has(local)) {
      this.say("KEY_UNKNOWN", `<${local}> is not a formula of this format.`, source, element);
      return undefined;
    }
    const inputs = element.children.flatMap((child) => this.input(child, defined) ?? []);
    if (local !== "atleast") return { kind: local === "and" ? "and" : "or", inputs };
    const need = Number(attributes["min"] ?? Number.NaN);
    if (!Number.isInteger(need) || need < 0 || need > element.children.length) {
      this.say(
        "VALUE_RANGE",
        `min="${attributes["min"] ?? ""}" does not fit ${element.children.length} inputs.`,
        source,
        element,
      );
      return undefined;
    }
    return { kind: "atleast", need, inputs };
  }

  /** From the innermost scope outward, then among public names. */
  private reference(element: XmlElement, { source, scope }: Defined): string | undefined {
    const { attributes, at } = element;
    const wanted = attributes["name"] ?? "";
    const parts = scope.split(".").slice(0, -1);
    for (let length = parts.length; length >= 0; length--) {
      const name =
        parts
          .slice(0, length)
          .map((part) => `${part}.`)
          .join("") + wanted;
      if (this.gates.has(name) || this.houses.has(name) || this.basics.has(name)) return name;
    }
    const last = wanted.slice(wanted.lastIndexOf(".") + 1);
    if (this.gates.has(last) || this.houses.has(last) || this.basics.has(last)) return last;
    if (element.local === "gate" || element.local === "house-event") {
      const names = [...this.gates.keys(), ...this.houses.keys()];
      this.say(
        "SERVICE_UNKNOWN",
        `No ${element.local} is called "${wanted}".`,
        source,
        element,
        didYouMean(wanted, names),
      );
      return undefined;
    }
    // Files may name basic events that nobody defines: they have no probability, and count all the same.
    if (!this.tree.events.has(wanted)) {
      this.tree.events.set(wanted, { probability: undefined, location: locate(source, at.start) });
    }
    return wanted;
  }

  private passOver(source: SourceFile, element: XmlElement): void {
    this.tree.draft.say(
      "NOT_REPRESENTABLE",
      "warning",
      `<${element.local}> is not read: topple works out fault trees, not sequences of events.`,
      { location: placeOf(source, element) },
    );
  }

  private say(code: DiagnosticCode, message: string, source: SourceFile, element: XmlElement, remedy?: string): void {
    if (this.tree.draft.diagnostics.length >= MOST_DIAGNOSTICS) return;
    this.tree.draft.say(code, "error", message, {
      location: placeOf(source, element),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}

function valueOf(element: XmlElement): XmlElement | undefined {
  return element.children.find(({ local }) => local !== "label" && local !== "attributes");
}

function labelOf(element: XmlElement): string | undefined {
  const text = element.children.find(({ local }) => local === "label")?.text.trim();
  return text === "" ? undefined : text;
}

function placeOf(source: SourceFile, element: XmlElement): Location {
  return locate(source, element.at.start, element.name.length + 1);
}
