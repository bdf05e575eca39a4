/** A value of a read model's item. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [field: string]: Value };

/**
 * What a fact changes in one item of a read model. Its parts commute and are idempotent: any order of arrival, and any
 * number of arrivals, ends in the same item.
 */
export interface ItemUpdate {
  /** The item's id. */
  readonly id: string;
  /** Fields that are written once: whoever comes first wins, and all say the same. */
  readonly once?: Readonly<Record<string, Value | undefined>>;
  /** Fields of which the newest wins, told by its place among the published facts of one and the same stream. */
  readonly newest?: { readonly sequence: number; readonly fields: Readonly<Record<string, Value>> };
  /** What is added to the item under a key of its own, such as a line of a timeline under its fact's id. */
  readonly member?: { readonly key: string; readonly value: Value };
}

/** A read model: items that projections keep up to date. */
export interface ReadModel {
  apply(update: ItemUpdate): Promise<void>;
}

/** The field that guards what `newest` writes. */
export const NEWEST = 'newest';
