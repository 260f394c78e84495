/**
 * Many runs on several threads. This thread begins alone; only when the work turns out to be long are workers started,
 * so that small questions never pay for them. It goes on until they are ready and then only waits, free to draw and to
 * answer keys. The arrays of a graph are put into shared memory once, whoever asks how often.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import type { Job } from "../engine/jobs.js";
import type { ManyRuns, Progress } from "../engine/many-runs.js";
import type { WorkerData, WorkerMessage } from "./worker.js";

export interface PoolOptions {
  /** Threads besides this one; 0 for none. */
  readonly workers: number;
  /** Workers make every run, however few there are: to try out the workers themselves. */
  readonly start?: "when long" | "at once";
  /** The built worker; beside the built program unless given. */
  readonly workerFile?: URL;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Longest time without a look at keys and signals. */
const SLICE_MS = 25;
/** Starting workers costs about as much as this thread does in the meantime. */
const ALONE_MS = 150;
/** Work left, as far as can be told by then, below which workers would not be ready in time. */
const WORTH_MS = 250;

/** Beside the built program. Run from the sources there is none, and all work is done on this thread. */
const WORKER_FILE = new URL("./workspace/worker.js", import.meta.url);

export function hasWorkers(): boolean {
  return existsSync(WORKER_FILE);
}

/** As many as may run at once; none on a single core, where they would only take turns. */
export function usualWorkers(): number {
  const cores = availableParallelism();
  return cores > 1 ? cores : 0;
}

/** The same result for any number of workers. Rejects with what a run throws, on whichever thread. */
export async function runOnPool<R>(runs: ManyRuns<unknown, R>, job: () => Job, options: PoolOptions): Promise<R> {
  const { total } = runs;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workers: Worker[] = [];
  let failure: { readonly error: unknown } | undefined;
  let ready = 0;
  let ended = 0;
  let done = 0;
  let wake = (): void => {};
  const startMs = performance.now();
  try {
    if (options.start === "at once") await start();
    for (;;) {
      const isTaken = Atomics.load(next, 0) >= total;
      if (failure !== undefined) throw failure.error;
      if (workers.length === 0 ? isTaken : ended === workers.length) return runs.finish();
      const isNeeded = workers.length === 0 || (ready < workers.length && options.start !== "at once");
      if (isNeeded && !isTaken) makeSlice();
      else await new Promise<void>((resolve) => ((wake = resolve), setTimeout(resolve, SLICE_MS)));
      await new Promise((resolve) => setImmediate(resolve));
      options.onProgress?.({ done, total });
      if (options.shouldStop?.() === true) Atomics.store(next, 0, total);
      else if (workers.length === 0 && isWorthIt()) await start();
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  function makeSlice(): void {
    const endMs = performance.now() + SLICE_MS;
    while (performance.now() < endMs) {
      const run = Atomics.add(next, 0, 1);
      if (run >= total) return;
      runs.make(run);
      done++;
    }
  }

  function isWorthIt(): boolean {
    if (options.workers === 0 || !hasWorkers()) return false;
    const spentMs = performance.now() - startMs;
    return spentMs >= ALONE_MS && (spentMs / done) * (total - done) >= WORTH_MS;
  }

  async function start(): Promise<void> {
    // Most answers are there before anybody is called in.
    const { Worker } = await import("node:worker_threads");
    const workerData: WorkerData = { job: withSharedArrays(job()), next };
    for (let i = 0; i < Math.min(options.workers, total - done); i++) {
      const worker = new Worker(fileURLToPath(options.workerFile ?? WORKER_FILE), { workerData });
      worker.on("message", (message: WorkerMessage) => {
        if (message.kind === "ready") ready++;
        else {
          done += message.runs;
          runs.add(message.piece);
        }
      });
      worker.on("error", (error) => (failure ??= { error }));
      worker.on("exit", () => {
        ended++;
        wake();
      });
      workers.push(worker);
    }
  }
}

const shared = new WeakMap<object, unknown>();

/** A copy whose arrays lie in shared memory, so that handing it to a thread copies none of them. */
function withSharedArrays<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    let copy = shared.get(value);
    if (copy === undefined) shared.set(value, (copy = sharedCopy(value as unknown as Int32Array)));
    return copy as T;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withSharedArrays(part)])) as T;
}

function sharedCopy<A extends Int32Array | Uint16Array | Uint8Array | Float64Array>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const make = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const copy = new make(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
