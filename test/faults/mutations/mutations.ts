import { BACKBONE_MUTATIONS } from './backbone-mutations.ts';
import type { Mutation } from './mutation.ts';
import { SHOP_MUTATIONS } from './shop-mutations.ts';

export const MUTATIONS: readonly Mutation[] = [...BACKBONE_MUTATIONS, ...SHOP_MUTATIONS];

/** @throws Error that names those that there are */
export function mutationNamed(name: string): Mutation {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (mutation === undefined) {
    throw new Error(`there is no mutation '${name}', but: ${MUTATIONS.map((one) => one.name).join(', ')}`);
  }
  return mutation;
}
