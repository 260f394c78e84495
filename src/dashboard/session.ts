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
import { buildOutlook, type Outlook } from "./outlook.js";
import { receive, type Event, type State, type Wish } from "./state.js";

/** How a question in slices tells how far it is, and is given up. */
export interface Slices {
  readonly onProgress: (progress: { done: number; total: number }) => void;
  readonly signal: AbortSignal;
}

export interface SessionHost {
  readonly impact: (graph: ServiceGraph, scenario: Scenario, slices: Slices) => Promise<ImpactResult>;
  readonly edit: (
    graph: ServiceGraph,
    changes: readonly Change[],
    slices: Slices,
  ) => Promise<{ readonly graph: ServiceGraph | null; readonly diagnostics: readonly Diagnostic[] }>;
  readonly sweep: (
    graph: ServiceGraph,
    question: Extract<Question, { kind: "sweep" }>,
    options: { onProgress: (progress: { done: number; total: number }) => void; shouldStop: () => boolean },
  ) => Promise<SweepResult>;
  readonly saveScenario: (path: string, scenario: Scenario) => Promise<void>;
  readonly exportReport: (path: string, graph: ServiceGraph, scenario: Scenario) => Promise<void>;
  readonly quit: () => void;
}

/** Answers kept, so that undo and redo show theirs at once. */
const KEPT_ANSWERS = 4;
/** Progress is shown no more often. */
const PROGRESS_MS = 100;

interface Answer {
  readonly graph: ServiceGraph;
  readonly scenario: Scenario;
  /** Empty lists are one and the same here. */
  readonly changes: readonly Change[];
  readonly outlook: Outlook;
}

const NO_CHANGES: readonly Change[] = [];

export class Session {
  private listeners = new Set<() => void>();
  private asking: AbortController | undefined;
  private answers: readonly Answer[] = [];
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

  /** Gives up what is still being worked out. */
  close(): void {
    this.asking?.abort();
    this.stopSweep = true;
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
        void this.answer(wish.scenario, wish.changes);
        return;
      case "stop-answer":
        this.asking?.abort();
        this.receive({ kind: "stopped" });
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

  /** Only the last question matters: the one before it is given up. */
  private async answer(scenario: Scenario, changes: readonly Change[]): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const { graph } = this.state;
    const isOver = (): boolean => asking.signal.aborted || this.state.graph !== graph;
    try {
      const onProgress = nowAndThen(({ done, total }) => this.receive({ kind: "asking", share: done / total }));
      const slices = { signal: asking.signal, onProgress };
      const before = await this.outlookOf(graph, scenario, NO_CHANGES, slices);
      if (isOver()) return;
      const after = changes.length === 0 ? null : await this.outlookOf(graph, scenario, changes, slices);
      if (isOver()) return;
      if (after !== null && "refused" in after) this.receive({ kind: "refused", diagnostics: after.refused });
      else if (!("refused" in before)) this.receive({ kind: "answered", before, after });
    } catch (error) {
      if (isOver()) return;
      this.receive({ kind: "failed", notice: error instanceof Error ? error.message : String(error) });
    }
  }

  private async outlookOf(
    graph: ServiceGraph,
    scenario: Scenario,
    changes: readonly Change[],
    slices: Slices,
  ): Promise<Outlook | { readonly refused: readonly Diagnostic[] }> {
    const known = this.answers.find(
      (answer) => answer.graph === graph && answer.scenario === scenario && answer.changes === changes,
    );
    if (known !== undefined) return known.outlook;
    // After the frame that says so, because a large graph takes a moment.
    await nextTurn();
    slices.signal.throwIfAborted();
    const edited = changes.length === 0 ? { graph, diagnostics: [] } : await this.host.edit(graph, changes, slices);
    if (edited.graph === null) return { refused: edited.diagnostics };
    await nextTurn();
    slices.signal.throwIfAborted();
    const outlook = buildOutlook(inOrderOf(graph, await this.host.impact(edited.graph, scenario, slices)));
    const others = this.answers.filter((answer) => answer.graph === graph);
    this.answers = [...others, { graph, scenario, changes, outlook }].slice(-KEPT_ANSWERS);
    return outlook;
  }

  private async sweep(forMs: number): Promise<void> {
    this.stopSweep = false;
    const number = ++this.sweepNumber;
    const { graph, scenario } = this.state;
    const question = { kind: "sweep", forMs, horizonMs: scenario.horizonMs, order: "single" } as const;
    const sweep = await this.host.sweep(graph, question, {
      onProgress: nowAndThen(({ done, total }) => {
        if (number === this.sweepNumber) this.receive({ kind: "sweeping", done, total });
      }),
      shouldStop: () => this.stopSweep || number !== this.sweepNumber,
    });
    if (number === this.sweepNumber) this.receive({ kind: "swept", sweep });
  }

  private async exportReport(wish: Extract<Wish, { kind: "export-report" }>): Promise<void> {
    const { graph } = this.state;
    const slices = { signal: new AbortController().signal, onProgress: () => undefined };
    const edited = wish.changes.length === 0 ? graph : (await this.host.edit(graph, wish.changes, slices)).graph;
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

/** Edits may take services away or add some: the list goes by the places of the graph as it was. */
function inOrderOf({ services }: ServiceGraph, result: ImpactResult): ImpactResult {
  if (services.every(({ id }, place) => result.services[place]?.id === id)) return result;
  const byId = new Map(result.services.map((service) => [service.id, service]));
  const known = services.map(({ id }) => byId.get(id) ?? untouched(id));
  const names = new Set(services.map(({ id }) => id));
  return { ...result, services: [...known, ...result.services.filter(({ id }) => !names.has(id))] };
}

function untouched(id: string): ImpactResult["services"][number] {
  const none = { downMs: 0, degradedMs: 0, impact: 0, userMs: 0, firstImpactMs: null, recoveredMs: null };
  return { id, status: "up", intervals: [], ...none };
}

/** A frame of progress now and then is enough, and leaves the time to the work and the keys. */
function nowAndThen(show: Slices["onProgress"]): Slices["onProgress"] {
  let shownAtMs = performance.now();
  return (progress) => {
    const nowMs = performance.now();
    if (nowMs - shownAtMs < PROGRESS_MS) return;
    shownAtMs = nowMs;
    show(progress);
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
