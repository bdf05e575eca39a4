import { orderView } from './subscriptions.ts';

/**
 * The order view may exist more than once, each a generation with its own table, queue and function, so that one is filled
 * while another is read. Numbers are never given twice.
 */
export type Generation = number;

const FIRST: Generation = 1;

/** The table in which each read model has an item that says which of its generations is read, without the bus's name. */
export const READ_MODELS_TABLE = 'read-models';

/** The subscription of a generation: the same facts, under a name of its own. */
export function orderViewOf(generation: Generation): typeof orderView {
  return generation === FIRST ? orderView : { ...orderView, name: `${orderView.name}-${generation}` };
}

/**
 * The generation whose subscription, or whose table without the bus's name, is called so.
 *
 * @returns undefined for a name of something else
 */
export function generationNamed(name: string): Generation | undefined {
  if (name === orderView.name) return FIRST;
  const number = Number(name.startsWith(`${orderView.name}-`) ? name.slice(orderView.name.length + 1) : Number.NaN);
  return isGeneration(number) && orderViewOf(number).name === name ? number : undefined;
}

/** Whether it is a whole number from 1 to 999. */
export function isGeneration(value: number): value is Generation {
  return Number.isInteger(value) && value >= FIRST && value < 1_000;
}
