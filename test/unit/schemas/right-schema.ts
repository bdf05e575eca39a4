/** A schema that has nothing wrong, for tests to spoil. */
export function rightSchema({ version = 1, source = 'shop.orders' } = {}) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:factbus:${source}:ParcelWeighed:${version}`,
    title: 'ParcelWeighed',
    description: 'A parcel was put on the scales.',
    type: 'object',
    required: ['parcelId'],
    properties: {
      parcelId: { description: 'The parcel.', type: 'string', pattern: '^[a-z0-9]+$', examples: ['p1'] },
      grams: { description: 'Its weight.', type: 'integer', minimum: 0, examples: [750] },
    },
    examples: [{ parcelId: 'p1', grams: 750 }],
  };
}
