const EMPTY = -1;

/** The states that have been found, in the order of their finding: some 20 bytes each, outside the heap. */
export class StateTable {
  #keys = new Float64Array(1 << 16);
  #parents = new Int32Array(1 << 16);
  /** Places by hash, with open addressing. */
  #slots = new Int32Array(1 << 17).fill(EMPTY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a state unless it is there.
   *
   * @param key a safe integer
   * @param parent the place of the state that it follows from
   */
  add(key: number, parent: number): void {
    const slot = this.#slotOf(key);
    if (this.#slots[slot] !== EMPTY) return;
    const place = this.#size++;
    if (place === this.#keys.length) this.#growColumns();
    this.#keys[place] = key;
    this.#parents[place] = parent;
    this.#slots[slot] = place;
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
  }

  /** The place of a state; -1 when it is not there. */
  placeOf(key: number): number {
    return this.#slots[this.#slotOf(key)] as number;
  }

  key(place: number): number {
    return this.#keys[place] as number;
  }

  parent(place: number): number {
    return this.#parents[place] as number;
  }

  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    const low = (key % 4294967296) | 0;
    const high = (key / 4294967296) | 0;
    let hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = Math.imul(hash, 0xc2b2ae35) >>> 0;
    slot = (slot ^ (slot >>> 13)) & mask;
    while (this.#slots[slot] !== EMPTY && this.#keys[this.#slots[slot] as number] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #growColumns(): void {
    const length = this.#keys.length * 2;
    const [keys, parents] = [new Float64Array(length), new Int32Array(length)];
    keys.set(this.#keys);
    parents.set(this.#parents);
    [this.#keys, this.#parents] = [keys, parents];
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    for (let place = 0; place < this.#size; place += 1) this.#slots[this.#slotOf(this.key(place))] = place;
  }
}
