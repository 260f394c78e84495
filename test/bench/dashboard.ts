/**
 * The dashboard as a user has it, ink and all, on streams that are no terminal: `node dashboard.js SIZE KEYS`. Each line
 * of output is one measurement as JSON: the median time from the bytes of a key to the frame that answers it.
 * Wall time, since it is what fingers feel; keys are pressed one after the other, each after the frame before.
 */
import { PassThrough, Writable } from "node:stream";
import { startDashboard } from "../../src/dashboard/start.js";
import { readDocument } from "../../src/loading/read-document.js";
import type { Scenario } from "../../src/model/scenario.js";
import { validate } from "../../src/validation/validate.js";
import { askInSlices, editInSlices } from "../../src/workspace/ask.js";
import { asTables, makeGraph } from "./generate.js";

const size = Number(process.argv[2]);
const presses = Number(process.argv[3]);
const HOUR_MS = 3_600_000;
/** A key that changes nothing has no frame of its own. */
const PATIENCE_MS = 400;
const SWEEP_KEYS = 40;
/** Between a frame and the next key. */
const PAUSE_MS = 7;

class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

class FakeScreen extends Writable {
  readonly isTTY = true;
  /** Whether the title says that an answer is being worked out. */
  isComputing = true;
  private waiting: ((hasCome: boolean) => void) | undefined;

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    if (text.includes(" SIMULATION ")) this.isComputing = text.includes("computing");
    this.waiting?.(true);
    done();
  }

  /** True at the next write; false after a while without one. */
  nextFrame(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.waiting?.(false), PATIENCE_MS);
      this.waiting = (hasCome) => {
        clearTimeout(timer);
        this.waiting = undefined;
        resolve(hasCome);
      };
    });
  }

  /** Once nothing has been written for a while. */
  async quiet(): Promise<void> {
    while (this.isComputing || (await this.nextFrame())) if (this.isComputing) await this.nextFrame();
  }
}

const made = makeGraph(size, 1);
const { services, dependencies } = asTables(made);
const checked = validate(
  readDocument([
    { name: "services.csv", text: services },
    { name: "dependencies.csv", text: dependencies },
  ]),
);
if (checked.graph === null) throw new Error("the benchmark's graph is not one");
const graph = checked.graph;
const scenario: Scenario = {
  name: "hub",
  horizonMs: 24 * HOUR_MS,
  faults: [{ service: made.hub, atMs: 0, untilMs: HOUR_MS, level: 1 }],
  loads: [],
  throttles: [],
  actions: [],
} as unknown as Scenario;

for (const [columns, rows] of [
  [120, 40],
  [200, 50],
] as const) {
  const screen = new FakeScreen(columns, rows);
  const keyboard = new FakeKeyboard();
  const opened = performance.now();
  const over = startDashboard({
    graph,
    title: "benchmark",
    scenario,
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stdout: screen as unknown as NodeJS.WriteStream,
    noColour: false,
    host: {
      impact: (asked, of, slices) => askInSlices(asked, { kind: "impact", scenario: of }, slices),
      edit: editInSlices,
      sweep: (asked, question, options) => askInSlices(asked, question, options),
      saveScenario: () => Promise.resolve(),
      exportReport: () => Promise.resolve(),
    },
  });
  await screen.nextFrame();
  if (size >= 100_000) await measure("while it computes", ["j", "k"], 100);
  await screen.quiet();
  say(`first answer on screen, ${columns}x${rows}`, performance.now() - opened - PATIENCE_MS);
  await measure("moving", ["j", "j", "j", "\u001b[6~", "k", "G", "g"]);
  await measure("scrubbing", ["l", "l", "n", "h", "n", "p", "]", "["]);
  await type("/");
  await measure("filtering", [
    "a",
    "r",
    "e",
    "a",
    "-",
    "1",
    "\u007f",
    "\u007f",
    "\u007f",
    "\u007f",
    "\u007f",
    "\u007f",
  ]);
  await type("\u001b");
  if (size <= 10_000) {
    await type("s");
    await type("\r");
    await measure("during a sweep", ["j", "k"], SWEEP_KEYS);
    const stopped = performance.now();
    await type("\u001b");
    say(`a sweep is stopped, ${columns}x${rows}`, performance.now() - stopped);
  }
  keyboard.write("q");
  await over;

  async function measure(what: string, keys: readonly string[], count = presses): Promise<void> {
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) {
      const time = await type(keys[i % keys.length]!);
      if (time !== undefined) times.push(time);
    }
    const used = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    say(`${what}, ${columns}x${rows}`, times[times.length >> 1] ?? Number.NaN, {
      keys: times.length,
      cpuMsPerKey: Number(((used.user + used.system) / 1000 / count).toFixed(1)),
      p95: Number((times[Math.ceil(0.95 * times.length) - 1] ?? Number.NaN).toFixed(1)),
    });
  }

  /** Milliseconds until the next frame; undefined when the key changed nothing. */
  async function type(key: string): Promise<number | undefined> {
    // From when it was to be pressed: where the program is busy then, that wait is part of the answer.
    const begun = performance.now() + PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const frame = screen.nextFrame();
    keyboard.write(key);
    return (await frame) ? performance.now() - begun : undefined;
  }
}
say("memory of the process", undefined, { mb: Math.round(process.resourceUsage().maxRSS / 1000) });
process.exit(0);

function say(what: string, ms: number | undefined, more: Readonly<Record<string, unknown>> = {}): void {
  const measured = ms === undefined ? {} : { ms: Number(ms.toFixed(1)) };
  process.stdout.write(`${JSON.stringify({ size, what: `dashboard: ${what}`, by: "topple", ...measured, ...more })}\n`);
}
