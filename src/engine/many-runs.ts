/**
 * The contract of questions that are many independent runs, each known by its number: whoever makes a run, and in
 * whatever order, it comes out the same. Several threads may share the runs; each makes some, what they made is put
 * together by run number or in a way that no order can change, and the result is the same to the byte.
 */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** `Piece` is what threads send each other: plain data, typed arrays where there is much of it. */
export interface ManyRuns<Piece, R> {
  readonly total: number;
  /** Makes run number `run`, 0 to `total` - 1; each is made once, by one thread. */
  make(run: number): void;
  /** Hands out what was made here since it was last asked, beside what threads write into memory they share. */
  take(): Piece;
  /** Puts in what another thread has made. */
  add(piece: Piece): void;
  /** The answer from the runs there are, all or some. */
  finish(): R;
}

/** All runs on this thread, one after the other; "stop" ends with what is known. */
export function* makeAll<R>(runs: ManyRuns<unknown, R>): Generator<Progress, R, "stop" | undefined> {
  const { total } = runs;
  for (let run = 0; run < total; run++) {
    runs.make(run);
    if ((yield { done: run + 1, total }) === "stop") break;
  }
  return runs.finish();
}
