import { describe, expect, it } from 'vitest';
import {
  type FunctionProperties,
  type PolicyProperties,
  referred,
  resourcesOf,
  type Statement,
  templateOf,
} from './synthesised.ts';

const template = templateOf('prod');
const functions = Object.values(resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function'));
const policies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::IAM::Policy'));
const names = physicalNames();

/** What a function may do, as lines of `actions on resource (condition)`. */
function permissionsOf(name: string): readonly string[] {
  const role = referred(functions.find(({ Properties }) => Properties.FunctionName === name)?.Properties.Role);
  return policies
    .filter(({ Properties }) => Properties.Roles?.some((one) => referred(one) === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(inWords);
}

function inWords({ Effect, Action, Resource, Condition }: Statement): string {
  const resources = [Resource].flat().map((resource) => nameOf(resource));
  const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
  return `${Effect} ${[Action].flat().join(' ')} on ${resources.join(' ')}${condition}`;
}

function nameOf(resource: Statement['Resource']): string {
  if (typeof resource !== 'object' || !('Fn::GetAtt' in resource)) return JSON.stringify(resource);
  const [id, attribute] = resource['Fn::GetAtt'];
  return attribute === 'StreamArn' ? `${names[id]}'s stream` : (names[id] ?? id);
}

function physicalNames(): Readonly<Record<string, string>> {
  const resources: Record<string, { Properties?: Record<string, unknown> }> = template.toJSON().Resources;
  const nameOf = ({ Properties = {} }: { Properties?: Record<string, unknown> }) =>
    ['TableName', 'QueueName', 'LogGroupName', 'Name'].map((key) => Properties[key]).find(Boolean);
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, String(nameOf(resource))]));
}

const logs = (name: string) => `Allow logs:CreateLogStream logs:PutLogEvents on /aws/lambda/factbus-prod-${name}`;
/** What a consumer does with its own queue, and all that it does with its dead-letter queue. */
const consume = (name: string) => [
  `Allow sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes sqs:ChangeMessageVisibility sqs:SendMessage on factbus-prod-${name}`,
  `Allow sqs:SendMessage on factbus-prod-${name}-dlq`,
];
const publish = (source: string) =>
  `Allow events:PutEvents on factbus-prod if {"StringEquals":{"events:source":"${source}"}}`;

const permissions: Readonly<Record<string, readonly string[]>> = {
  orders: [logs('orders'), ...consume('orders'), 'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-orders'],
  'orders-deadline': [
    logs('orders-deadline'),
    ...consume('orders-deadline'),
    'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-orders',
  ],
  'orders-settlement': [
    logs('orders-settlement'),
    ...consume('orders-settlement'),
    'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-orders',
  ],
  inventory: [
    logs('inventory'),
    ...consume('inventory'),
    'Allow dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem on factbus-prod-inventory',
  ],
  payments: [
    logs('payments'),
    ...consume('payments'),
    'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-payments',
    'Allow dynamodb:GetItem dynamodb:UpdateItem on factbus-prod-payment-provider',
  ],
  shipping: [
    logs('shipping'),
    ...consume('shipping'),
    'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-shipping',
    'Allow dynamodb:GetItem dynamodb:UpdateItem on factbus-prod-carrier',
  ],
  'shipping-deadline': [
    logs('shipping-deadline'),
    ...consume('shipping-deadline'),
    'Allow dynamodb:Query dynamodb:PutItem on factbus-prod-shipping',
    'Allow dynamodb:GetItem dynamodb:UpdateItem on factbus-prod-carrier',
  ],
  notifications: [
    logs('notifications'),
    ...consume('notifications'),
    'Allow dynamodb:GetItem on factbus-prod-contacts factbus-prod-notifications-customers',
    'Allow dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on factbus-prod-notifications',
    publish('shop.notifications'),
    'Allow ses:SendEmail on identity/shop@example.com identity/example.com if {"StringEquals":{"ses:FromAddress":"shop@example.com"}}',
  ],
  'notifications-customers': [
    logs('notifications-customers'),
    ...consume('notifications-customers'),
    'Allow dynamodb:UpdateItem on factbus-prod-notifications-customers',
  ],
  'order-view': [logs('order-view'), ...consume('order-view'), 'Allow dynamodb:UpdateItem on factbus-prod-order-view'],
  ...Object.fromEntries(
    ['orders', 'inventory', 'payments', 'shipping'].map((context) => [
      `${context}-relay`,
      [
        logs(`${context}-relay`),
        publish(`shop.${context}`),
        `Allow sqs:SendMessage on factbus-prod-${context}-relay-dlq`,
        `Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on factbus-prod-${context}'s stream`,
      ],
    ]),
  ),
};

const sorted = (lines: readonly string[]) => lines.map((line) => line.split(' ').sort().join(' ')).sort();

describe('a function may do what it does and no more', () => {
  it.each(Object.keys(permissions))('%s', (name) => {
    const granted = permissionsOf(`factbus-prod-${name}`).map((line) =>
      line.replaceAll(/\{"Fn::Join".*?:identity\/([^"]*)"\]\]\}/g, 'identity/$1'),
    );

    expect(sorted(granted)).toEqual(sorted(permissions[name] ?? []));
  });

  it('and there is no other function', () => {
    expect(functions.map(({ Properties }) => Properties.FunctionName.replace('factbus-prod-', '')).sort()).toEqual(
      Object.keys(permissions).sort(),
    );
  });

  it('each has a role of its own', () => {
    const roles = functions.map(({ Properties }) => referred(Properties.Role));

    expect(new Set(roles).size).toBe(roles.length);
  });

  it('no role has a policy that AWS manages, and none allows a wildcard', () => {
    const roles = Object.values(resourcesOf<{ ManagedPolicyArns?: unknown }>(template, 'AWS::IAM::Role'));

    expect(roles.map(({ Properties }) => Properties.ManagedPolicyArns)).toEqual(roles.map(() => undefined));
    expect(JSON.stringify(policies)).not.toContain('*');
  });
});
