/**
 * A thread that makes some of the runs of a job. Threads take blocks of runs off a shared counter, so that whoever is
 * fast makes more, and post what they made now and then, as far as it is not in memory they share. The counter past
 * the last run means the end, also when somebody stopped: blocks that were taken are finished, so the runs made are the
 * first ones, without a gap.
 */
import { parentPort, workerData } from "node:worker_threads";
import { runsOfJob, type Job } from "../engine/jobs.js";

export interface WorkerData {
  readonly job: Job;
  /** One number in shared memory: the next run that nobody has taken. */
  readonly next: Int32Array;
}

/** "ready" once, then pieces; the thread ends by itself after the last. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "piece"; readonly runs: number; readonly piece: unknown };

/** A block takes about so long: short enough to share the last ones evenly and to stop at once. */
const BLOCK_MS = 5;
const MOST_IN_BLOCK = 256;
const POST_MS = 50;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
if (parentPort !== null)
  work(workerData as WorkerData, (message) => parentPort!.postMessage(message, buffersOf(message)));

/** The memory of all arrays in plain data: handed over, not copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}

function work({ job, next }: WorkerData, post: (message: WorkerMessage) => void): void {
  const runs = runsOfJob(job);
  post({ kind: "ready" });
  let made = 0;
  let postedMs = performance.now();
  let size = 1;
  for (;;) {
    const first = Atomics.add(next, 0, size);
    if (first >= runs.total) break;
    const startMs = performance.now();
    const end = Math.min(first + size, runs.total);
    for (let run = first; run < end; run++) runs.make(run);
    made += end - first;
    const nowMs = performance.now();
    if (nowMs - startMs < BLOCK_MS) size = Math.min(2 * size, MOST_IN_BLOCK);
    else if (size > 1) size >>= 1;
    if (nowMs - postedMs < POST_MS) continue;
    post({ kind: "piece", runs: made, piece: runs.take() });
    made = 0;
    postedMs = nowMs;
  }
  post({ kind: "piece", runs: made, piece: runs.take() });
}
