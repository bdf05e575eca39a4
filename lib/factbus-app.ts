import { App, type AppProps, Validations } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { FactbusStack } from './factbus-stack.ts';
import { stageSettings } from './stage.ts';

/**
 * The app of one stage, which the context names; see `stageSettings`. Synthesis checks it against AWS's rules for
 * well-built solutions, and fails on what is not acknowledged with a reason beside the resource.
 */
export class FactbusApp extends App {
  readonly stack: FactbusStack;

  constructor({ context, ...props }: AppProps = {}) {
    // All that CDK recommends to new apps: this one has nothing older to stay compatible with.
    super({ ...props, context: { ...featureFlags, ...context } });
    this.stack = new FactbusStack(this, stageSettings(this.node));
    Validations.of(this).addPlugins(new AwsSolutionsChecks(this));
  }
}
