/**
 * Answers whether `data` fits a schema; after a refusal `errors` holds what is wrong and where.
 * The shape of the validators that `npm run generate` compiles from `schemas/`.
 */
export interface Validator<Data> {
  (data: unknown): data is Data;
  readonly errors?: readonly ValidatorError[] | null;
}

export interface ValidatorError {
  /** JSON pointer into the data. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/**
 * A fact as its schema declares it: who publishes it, under which name, and what its data must look like.
 * One is generated for every schema; see `schemas/generated/facts.ts`.
 */
export interface FactType<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** The context that publishes it, such as `shop.orders`: the `source` on the bus. */
  readonly source: string;
  readonly schemaVersion: number;
  readonly accepts: Validator<Data>;
}

/** Facts by their names. A name that does not match its fact does not compile. */
export type FactTypes<Names extends string = string> = { readonly [Name in Names]: FactType<Name> };

/** Something that happened, as deciders and projections see it. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** The fact that a fact type describes. */
export type FactOf<Described> = Described extends FactType<infer Type, infer Data> ? Fact<Type, Data> : never;

/** The union of the facts that a map of fact types describes. */
export type FactsOf<Types> = { [Name in keyof Types]: FactOf<Types[Name]> }[keyof Types];
