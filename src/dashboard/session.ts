/**
 * The dashboard's contact with the world: holds the state, passes keys and events to it, and fulfils
 * its wishes (answers, sweeps in slices, files). Everything it needs is handed in, so tests run it whole.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Change } from "../model/change.js";
import type { Question } from "../model/question.js";
import type { ImpactResult, SweepResult } from "../model/result.js";
import type { Scenario } from "../model/scenario.js";
import type { ServiceGraph } from "../model/service-graph.js";
import { buildOutlook } from "./outlook.js";
import { receive, type Event, type State, type Wish } from "./state.js";

export interface SessionHost {
  readonly impact: (graph: ServiceGraph, scenario: Scenario) => ImpactResult;
  readonly edit: (
    graph: ServiceGraph,
    changes: readonly Change[],
  ) => { readonly graph: ServiceGraph | null; readonly diagnostics: readonly Diagnostic[] };
  readonly sweep: (
    graph: ServiceGraph,
    question: Extract<Question, { kind: "sweep" }>,
    options: { onProgress: (progress: { done: number; total: number }) => void; shouldStop: () => boolean },
  ) => Promise<SweepResult>;
  readonly saveScenario: (path: string, scenario: Scenario) => Promise<void>;
  readonly exportReport: (path: string, graph: ServiceGraph, scenario: Scenario) => Promise<void>;
  readonly quit: () => void;
}

export class Session {
  private listeners = new Set<() => void>();
  private stopSweep = false;
  private sweepNumber = 0;

  constructor(
    public state: State,
    private readonly host: SessionHost,
  ) {}

  /** Called after every change; returns how to stop being called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  update(change: (state: State) => State): void {
    this.state = change(this.state);
    this.fulfil();
    for (const listener of this.listeners) listener();
  }

  receive(event: Event): void {
    this.update((state) => receive(state, event));
  }

  /** Fulfils what the first state wished for. */
  start(): void {
    this.update((state) => state);
  }

  private fulfil(): void {
    const { wishes } = this.state;
    if (wishes.length === 0) return;
    this.state = receive(this.state, { kind: "granted", count: wishes.length });
    // Only the last of several questions still matters.
    const lastAnswer = wishes.findLast((wish) => wish.kind === "answer");
    for (const wish of wishes) if (wish.kind !== "answer" || wish === lastAnswer) this.grant(wish);
  }

  private grant(wish: Wish): void {
    switch (wish.kind) {
      case "answer":
        // After the frame that says so, because a large graph takes a moment.
        setImmediate(() => this.answer(wish.scenario, wish.changes));
        return;
      case "sweep":
        // A sweep that fails is said on the screen, and does not take the dashboard with it.
        this.sweep(wish.forMs).catch((error: unknown) => {
          const notice = error instanceof Error ? error.message : String(error);
          this.update((state) => ({ ...state, sweepProgress: null, notice }));
        });
        return;
      case "stop-sweep":
        this.stopSweep = true;
        return;
      case "save-scenario":
        void this.write(wish.path, this.host.saveScenario(wish.path, wish.scenario));
        return;
      case "export-report":
        void this.write(wish.path, this.exportReport(wish));
        return;
      case "quit":
        this.host.quit();
        return;
    }
  }

  private answer(scenario: Scenario, changes: readonly Change[]): void {
    // A later act has asked again in the meantime.
    if (this.state.scenario !== scenario || this.state.changes !== changes) return;
    try {
      const { graph } = this.state;
      const known = this.state.before?.result;
      const before =
        known?.scenario === scenario ? this.state.before! : buildOutlook(this.host.impact(graph, scenario));
      if (changes.length === 0) {
        this.receive({ kind: "answered", before, after: null });
        return;
      }
      const edited = this.host.edit(graph, changes);
      if (edited.graph === null) {
        this.receive({ kind: "refused", diagnostics: edited.diagnostics });
        this.update((state) => ({ ...state, changes: changes.slice(0, -1), before }));
        return;
      }
      this.receive({ kind: "answered", before, after: buildOutlook(this.host.impact(edited.graph, scenario)) });
    } catch (error) {
      this.receive({ kind: "told", notice: error instanceof Error ? error.message : String(error) });
    }
  }

  private async sweep(forMs: number): Promise<void> {
    this.stopSweep = false;
    const number = ++this.sweepNumber;
    const { graph, scenario } = this.state;
    const question = { kind: "sweep", forMs, horizonMs: scenario.horizonMs, order: "single" } as const;
    let lastShown = 0;
    const sweep = await this.host.sweep(graph, question, {
      onProgress: ({ done, total }) => {
        // A frame every few slices is enough, and leaves the time to the work and the keys.
        if (number === this.sweepNumber && done - lastShown > total / 50) {
          lastShown = done;
          this.receive({ kind: "sweeping", done, total });
        }
      },
      shouldStop: () => this.stopSweep || number !== this.sweepNumber,
    });
    if (number === this.sweepNumber) this.receive({ kind: "swept", sweep });
  }

  private async exportReport(wish: Extract<Wish, { kind: "export-report" }>): Promise<void> {
    const { graph } = this.state;
    const edited = wish.changes.length === 0 ? graph : this.host.edit(graph, wish.changes).graph;
    if (edited === null) throw new Error("the edits do not fit the graph");
    await this.host.exportReport(wish.path, edited, wish.scenario);
  }

  private async write(path: string, work: Promise<void>): Promise<void> {
    try {
      await work;
      this.receive({ kind: "told", notice: `Written: ${path}` });
    } catch (error) {
      this.receive({ kind: "told", notice: `Not written: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
}
