import { inject } from 'vitest';
import { deploy } from '../../localstack/shop/deploy.ts';
import { type Shop, shopOf } from './shop.ts';

/**
 * Deploys a stage beside the one that all tests share: for what would disturb them.
 *
 * @param context CDK context beyond the stage's name, such as `{ orderDeadline: '10' }`
 */
export async function anotherStage(stage: string, context: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const { aws } = inject('local');
  const deployed = await deploy(Promise.resolve(aws), { stage, context: { durable: 'false', ...context } });
  return shopOf({ aws, deployed });
}
