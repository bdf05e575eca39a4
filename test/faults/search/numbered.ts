/** Values under numbers, from 0: equal ones under the same. */
export class Numbered<Value> {
  readonly #keyOf: (value: Value) => string;
  readonly #values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  /**
   * @param keyOf the same text for equal values, and for no others
   * @default what is equal as JSON is equal
   */
  constructor(keyOf: (value: Value) => string = JSON.stringify) {
    this.#keyOf = keyOf;
  }

  numberOf(value: Value): number {
    const key = this.#keyOf(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  /** @throws RangeError when no value has this number */
  at(number: number | undefined): Value {
    const value = number === undefined ? undefined : this.#values[number];
    if (value === undefined) throw new RangeError(`nothing has the number ${number}`);
    return value;
  }
}
