/**
 * The future: items to be looked at, by time. Items of one instant come out together and their
 * order does not matter to the engine, so ties need no sequence number. Many items fall due at few
 * instants: those of one time are a list, found by its time through a hash table, and only the
 * times that differ are kept in a heap (4-ary, on typed arrays).
 */
const NONE = -1;

export class EventQueue {
  size = 0;
  /** The heap: times, and the number of the list of each. */
  private times = new Float64Array(64);
  private lists = new Int32Array(64);
  private heapSize = 0;
  /** Of each list its time, its first entry, and the next list of the same hash (or the next free one). */
  private timeOf = new Float64Array(64);
  private first = new Int32Array(64);
  private nextList = new Int32Array(64);
  private listCount = 0;
  private freeList = NONE;
  /** First list of each hash. As many as a power of two, and at least twice the lists. */
  private buckets = new Int32Array(128).fill(NONE);
  /** Entries of all lists, and free ones, linked. */
  private items = new Int32Array(1024);
  private next = new Int32Array(1024);
  private entryCount = 0;
  private freeEntry = NONE;

  clear(): void {
    if (this.heapSize > 0) this.buckets.fill(NONE);
    this.size = this.heapSize = this.listCount = this.entryCount = 0;
    this.freeList = this.freeEntry = NONE;
  }

  /** Time of the next item; Infinity when there is none. */
  nextTime(): number {
    return this.heapSize === 0 ? Infinity : this.times[0]!;
  }

  push(time: number, item: number): void {
    const bucket = this.bucketOf(time);
    let list = this.buckets[bucket]!;
    while (list !== NONE && this.timeOf[list] !== time) list = this.nextList[list]!;
    if (list === NONE) list = this.begin(time, bucket);
    let entry = this.freeEntry;
    if (entry !== NONE) this.freeEntry = this.next[entry]!;
    else {
      entry = this.entryCount++;
      if (entry === this.items.length) {
        this.items = withRoom(this.items, new Int32Array(2 * entry));
        this.next = withRoom(this.next, new Int32Array(2 * entry));
      }
    }
    this.items[entry] = item;
    this.next[entry] = this.first[list]!;
    this.first[list] = entry;
    this.size++;
  }

  /** Removes and returns an item of the earliest time. Undefined behaviour when empty. */
  pop(): number {
    const list = this.lists[0]!;
    const entry = this.first[list]!;
    const after = this.next[entry]!;
    this.next[entry] = this.freeEntry;
    this.freeEntry = entry;
    this.first[list] = after;
    this.size--;
    if (after === NONE) this.end(list);
    return this.items[entry]!;
  }

  private bucketOf(time: number): number {
    const mixed = Math.imul(time | 0, 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.buckets.length - 1);
  }

  private begin(time: number, bucket: number): number {
    let list = this.freeList;
    if (list !== NONE) this.freeList = this.nextList[list]!;
    else {
      list = this.listCount++;
      if (list === this.first.length) {
        this.grow(2 * list);
        bucket = this.bucketOf(time);
      }
    }
    this.timeOf[list] = time;
    this.first[list] = NONE;
    this.nextList[list] = this.buckets[bucket]!;
    this.buckets[bucket] = list;
    this.siftUp(time, list);
    return list;
  }

  /** Takes out the list of the earliest time. */
  private end(list: number): void {
    const bucket = this.bucketOf(this.times[0]!);
    let before = NONE;
    for (let at = this.buckets[bucket]!; at !== list; at = this.nextList[at]!) before = at;
    if (before === NONE) this.buckets[bucket] = this.nextList[list]!;
    else this.nextList[before] = this.nextList[list]!;
    this.nextList[list] = this.freeList;
    this.freeList = list;
    this.takeTop();
  }

  private siftUp(time: number, list: number): void {
    const { times, lists } = this;
    let hole = this.heapSize++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent]! <= time) break;
      times[hole] = times[parent]!;
      lists[hole] = lists[parent]!;
      hole = parent;
    }
    times[hole] = time;
    lists[hole] = list;
  }

  private takeTop(): void {
    const { times, lists } = this;
    const size = --this.heapSize;
    const time = times[size]!;
    const list = lists[size]!;
    let hole = 0;
    for (;;) {
      const child = (hole << 2) + 1;
      if (child >= size) break;
      const end = child + 4 < size ? child + 4 : size;
      let least = child;
      for (let other = child + 1; other < end; other++) if (times[other]! < times[least]!) least = other;
      if (times[least]! >= time) break;
      times[hole] = times[least]!;
      lists[hole] = lists[least]!;
      hole = least;
    }
    times[hole] = time;
    lists[hole] = list;
  }

  /** Room for so many lists. */
  private grow(lists: number): void {
    this.times = withRoom(this.times, new Float64Array(lists));
    this.lists = withRoom(this.lists, new Int32Array(lists));
    this.timeOf = withRoom(this.timeOf, new Float64Array(lists));
    this.first = withRoom(this.first, new Int32Array(lists));
    this.nextList = withRoom(this.nextList, new Int32Array(lists));
    this.buckets = new Int32Array(2 * lists).fill(NONE);
    for (let i = 0; i < this.heapSize; i++) {
      const bucket = this.bucketOf(this.times[i]!);
      this.nextList[this.lists[i]!] = this.buckets[bucket]!;
      this.buckets[bucket] = this.lists[i]!;
    }
  }
}

function withRoom<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
