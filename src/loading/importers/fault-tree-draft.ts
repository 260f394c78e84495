/**
 * A fault tree while it is read, and what becomes of it: gates become services that cannot fail by
 * themselves, basic events services that can. An `or` needs each of its inputs, an `and` any one of
 * them, "at least k of n fail" needs n - k + 1. Constants (house events) are worked in, because a
 * service that has always failed is none.
 */
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { GraphDocument } from "../../model/graph-document.js";
import { GraphDraft, inferred, stated } from "./draft.js";

/** A name, a truth, or a formula of them. */
export type FaultTreeInput = string | boolean | FaultTreeFormula;

export interface FaultTreeFormula {
  readonly kind: "or" | "and" | "atleast";
  /** How many of the inputs must fail, for an `atleast`. */
  readonly need?: number;
  readonly inputs: readonly FaultTreeInput[];
}

export interface BasicEvent {
  readonly label?: string | undefined;
  /** Undefined when the file gives none. */
  readonly probability: number | undefined;
  /** Where the probability is reckoned rather than written. */
  readonly evidence?: string | undefined;
  readonly location: Location;
}

interface Gate {
  readonly label: string | undefined;
  readonly formula: FaultTreeFormula;
  readonly location: Location;
}

export class FaultTreeDraft {
  readonly draft: GraphDraft;
  readonly events = new Map<string, BasicEvent>();
  readonly gates = new Map<string, Gate>();
  readonly houses = new Map<string, boolean>();
  /** Functional dependencies: these fail with that one. */
  readonly triggers: {
    readonly trigger: string;
    readonly dependents: readonly string[];
    readonly location: Location;
  }[] = [];
  private readonly truths = new Map<string, boolean | undefined>();

  constructor(format: string, files: readonly SourceFile[]) {
    this.draft = new GraphDraft(format, files);
  }

  gate(name: string, formula: FaultTreeFormula, location: Location, label?: string): void {
    this.gates.set(name, { label, formula, location });
  }

  /** @param named tops the format names itself; absent: every gate no other gate uses */
  finish(named?: readonly string[]): GraphDocument {
    this.foldConstants();
    // A tree that was not read whole has gates without inputs: of those nothing is said.
    const isWhole = this.draft.diagnostics.every(({ severity }) => severity !== "error");
    const tops = new Set(named ?? this.unused());
    for (const [name, { label, location }] of this.gates) {
      const truth = this.truths.get(name);
      this.draft.service(name, stated(location), {
        ...(label === undefined ? {} : { label }),
        kind: tops.has(name) ? "top-event" : "gate",
        failureProbability: truth === true ? 1 : 0,
      });
      if (truth !== undefined && tops.has(name) && isWhole) {
        this.draft.say(
          "NOT_REPRESENTABLE",
          "warning",
          `"${name}" ${truth ? "always" : "never"} fails, whatever the basic events do.`,
          { location },
        );
      }
    }
    for (const [name, event] of this.events) {
      const { label, probability, evidence, location } = event;
      this.draft.service(name, stated(location), {
        ...(label === undefined ? {} : { label }),
        kind: tops.has(name) ? "top-event" : "basic-event",
        ...(probability === undefined ? {} : { failureProbability: probability }),
        ...(evidence === undefined ? {} : { origins: { failure_probability: inferred(evidence, location) } }),
      });
    }
    for (const [name, { formula, location }] of this.gates) {
      if (this.truths.get(name) === undefined) this.needs(name, formula, location);
    }
    for (const { trigger, dependents, location } of this.triggers) {
      for (const dependent of dependents) this.draft.need(dependent, trigger, { location });
    }
    return { ...this.draft.finish(), defaults: "none" };
  }

  private unused(): string[] {
    const used = new Set<string>();
    const open: FaultTreeInput[] = [...this.gates.values()].map(({ formula }) => formula);
    for (let input = open.pop(); input !== undefined; input = open.pop()) {
      if (typeof input === "string") used.add(input);
      else if (typeof input !== "boolean") for (const inner of input.inputs) open.push(inner);
    }
    return [...this.gates.keys()].filter((name) => !used.has(name));
  }

  /** Gates that are true or false whatever the basic events do; repeated until no more are found. */
  private foldConstants(): void {
    for (const [name, truth] of this.houses) this.truths.set(name, truth);
    for (let changed = true; changed;) {
      changed = false;
      for (const [name, { formula }] of this.gates) {
        if (this.truths.get(name) !== undefined) continue;
        const truth = this.truthOf(formula);
        if (truth === undefined) continue;
        this.truths.set(name, truth);
        changed = true;
      }
    }
  }

  private truthOf(input: FaultTreeInput): boolean | undefined {
    if (typeof input === "boolean") return input;
    if (typeof input === "string") return this.truths.get(input);
    const truths = input.inputs.map((inner) => this.truthOf(inner));
    const certain = truths.filter((truth) => truth === true).length;
    const possible = certain + truths.filter((truth) => truth === undefined).length;
    const need = neededOf(input);
    return certain >= need ? true : possible < need ? false : undefined;
  }

  private needs(consumer: string, formula: FaultTreeFormula, location: Location): void {
    const certain = formula.inputs.filter((input) => this.truthOf(input) === true).length;
    const open = formula.inputs.filter((input) => this.truthOf(input) === undefined);
    const must = neededOf(formula) - certain;
    const providers: string[] = [];
    for (const [index, input] of open.entries()) {
      if (typeof input === "string" && !(must > 1 && providers.includes(input)) && input !== consumer) {
        providers.push(input);
        continue;
      }
      // A formula inside a formula, and an input that counts twice, get services of their own.
      const name = this.freeName(`${consumer}.${index + 1}`);
      this.draft.service(name, stated(location), { kind: "gate", failureProbability: 0, partOf: consumer });
      if (typeof input === "string") this.draft.need(name, input, { location });
      else if (typeof input !== "boolean") this.needs(name, input, location);
      providers.push(name);
    }
    if (must === 1) for (const provider of providers) this.draft.need(consumer, provider, { location });
    else this.draft.need(consumer, providers, { atLeast: providers.length - must + 1, location });
  }

  private freeName(wanted: string): string {
    let name = wanted;
    while (this.draft.has(name) || this.gates.has(name) || this.events.has(name)) name += "'";
    return name;
  }
}

function neededOf({ kind, need, inputs }: FaultTreeFormula): number {
  return kind === "or" ? 1 : kind === "and" ? inputs.length : need!;
}
