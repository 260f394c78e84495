/**
 * The future: items to be looked at, by time. Items of one instant come out together and their
 * order does not matter to the engine, so ties need no sequence number. A 4-ary heap on typed arrays.
 */

export class EventQueue {
  private times = new Float64Array(1024);
  private items = new Int32Array(1024);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  /** Time of the next item; Infinity when there is none. */
  nextTime(): number {
    return this.size === 0 ? Infinity : this.times[0]!;
  }

  push(time: number, item: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, items } = this;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent]! <= time) break;
      times[hole] = times[parent]!;
      items[hole] = items[parent]!;
      hole = parent;
    }
    times[hole] = time;
    items[hole] = item;
  }

  /** Removes and returns an item of the earliest time. Undefined behaviour when empty. */
  pop(): number {
    const { times, items } = this;
    const first = items[0]!;
    const size = --this.size;
    const time = times[size]!;
    const item = items[size]!;
    let hole = 0;
    for (;;) {
      const child = (hole << 2) + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      let least = child;
      for (let other = child + 1; other < end; other++) if (times[other]! < times[least]!) least = other;
      if (times[least]! >= time) break;
      times[hole] = times[least]!;
      items[hole] = items[least]!;
      hole = least;
    }
    times[hole] = time;
    items[hole] = item;
    return first;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    const items = new Int32Array(this.items.length * 2);
    items.set(this.items);
    this.times = times;
    this.items = items;
  }
}
